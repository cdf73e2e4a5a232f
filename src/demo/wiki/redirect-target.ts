import { type ByteText, plainText } from '../language/byte-text.ts';

/** Where a redirect's text leads, as written; null: the text is no redirect. */
export function redirectTarget(text: ByteText): string | null {
  if (!text.startsWith('#')) return null;
  const match = /^#[^\s[]+ \[\[([^\]|]+)\]\]/.exec(text);
  return match === null ? null : plainText(match[1] ?? '');
}
