/**
 * What is escaped, by profile: the tables of both paths (WebAssembly and JavaScript) are made from this.
 * One pass (dumpBackup.php) escapes `& < >`; the text pass (dumpTextPass.php) also `"`, and drops CR.
 */
export type EscapeMode = 'one-pass' | 'text-pass';

export const replacements: Readonly<Record<EscapeMode, ReadonlyMap<number, string>>> = {
  'one-pass': new Map([
    [0x26, '&amp;'],
    [0x3c, '&lt;'],
    [0x3e, '&gt;'],
  ]),
  'text-pass': new Map([
    [0x26, '&amp;'],
    [0x3c, '&lt;'],
    [0x3e, '&gt;'],
    [0x22, '&quot;'],
    [0x0d, ''],
  ]),
};

/** The longest replacement of one byte. */
export const maxExpansion = 6;

/** What the bytes of a text held: bits that appendReserved() and appendEscaped() return. */
export const seen = {
  /** Control characters that XML does not allow (x00-08, 0b, 0c, 0e-1f). */
  control: 1,
  carriageReturn: 2,
  /** A byte of 0x80 or more: not ASCII, so UTF-8 may be invalid. */
  nonAscii: 4,
  /** A byte of 0xCC or more: a character of U+0300 or more, so the text may not be in NFC. */
  high: 8,
} as const;
