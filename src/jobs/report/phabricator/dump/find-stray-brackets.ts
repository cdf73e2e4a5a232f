const [quote, comma, closeBrace, closeBracket] = [0x22, 0x2c, 0x7d, 0x5d];

/**
 * Looks behind a task for brackets that close more than was opened: after the last task no other may follow.
 * @returns where the comma before the next task is, null if all is well, undefined if the bytes end before that is known
 */
export function findStrayBrackets(buffer: Buffer, end: number): number | null | undefined {
  let at = skipSpace(buffer, end);
  while (buffer[at] === closeBrace || buffer[at] === closeBracket) at = skipSpace(buffer, at + 1);
  if (at >= buffer.length) return undefined;
  if (at === skipSpace(buffer, end) || buffer[at] !== comma) return null;
  const key = skipSpace(buffer, at + 1);
  if (key + 1 >= buffer.length) return undefined;
  const first = buffer[key + 1] ?? 0;
  return buffer[key] === quote && first >= 0x30 && first <= 0x39 ? at : null;
}

function skipSpace(buffer: Buffer, from: number): number {
  let at = from;
  while (buffer[at] === 0x20 || buffer[at] === 0x0a || buffer[at] === 0x0d || buffer[at] === 0x09) at += 1;
  return at;
}
