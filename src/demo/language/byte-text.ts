/**
 * Text as a string in which each character is one byte of its UTF-8 form. Such strings are joined and cut at the speed
 * of memory and become bytes without being encoded again, which the generator does for gigabytes.
 */
export type ByteText = string & { readonly __bytes?: never };

/** ASCII stays as it is; everything else takes 2 to 4 characters. */
export function byteText(text: string): ByteText {
  return Buffer.from(text, 'utf8').toString('latin1');
}

/** The ordinary string again. */
export function plainText(bytes: ByteText): string {
  return Buffer.from(bytes, 'latin1').toString('utf8');
}
