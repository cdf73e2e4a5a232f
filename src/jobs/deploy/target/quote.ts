/** A word for sh that stands for exactly this text, whatever is in it. */
export function shellWord(text: string): string {
  if (text.includes('\0')) throw new TypeError('a shell word cannot hold a NUL byte');
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

/**
 * Bytes as one line that `printf %b` turns back into the same bytes: so they can follow each other on a shell's standard
 * input and are taken from it with `read`, which never reads too far.
 */
export function escapeLine(bytes: Uint8Array): string {
  let line = '';
  let plainFrom = 0;
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let i = 0; i < text.length; i++) {
    const byte = text[i] ?? 0;
    if (byte >= 0x20 && byte < 0x7f && byte !== 0x5c) continue;
    line += `${text.toString('latin1', plainFrom, i)}\\0${byte.toString(8).padStart(3, '0')}`;
    plainFrom = i + 1;
  }
  return line + text.toString('latin1', plainFrom, text.length);
}
