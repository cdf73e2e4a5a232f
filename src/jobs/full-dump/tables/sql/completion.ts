/** The last line of a whole dump; `on <time>` follows where the date is not left out. */
const lastLine = /(?:^|\n)-- Dump completed(?: on [^\n]*)?\n?$/;

/** @param tail the last bytes of a table's SQL, at least 64 where there are so many */
export function isComplete(tail: Buffer): boolean {
  return lastLine.test(tail.toString('latin1'));
}
