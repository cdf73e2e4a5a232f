import { isUtf8 } from 'node:buffer';
import { cleanBinary } from '../kernel/clean.ts';
import type { EscapeMode } from '../kernel/escape-tables.ts';

/** Escaping of short strings (binary strings: a character per byte) for markup that is built as one string. */

const onePassSpecial = /[&<>]/;
const textPassSpecial = /[&<>"\r]/;

/** Element content, not cleaned. */
export function escapeContent(text: string, mode: EscapeMode): string {
  if (mode === 'one-pass') return onePassSpecial.test(text) ? escapeAngles(text) : text;
  if (!textPassSpecial.test(text)) return text;
  // An XML parser reads CR LF and a lone CR as LF: so the second pass never sees a CR.
  return escapeAngles(text).replaceAll('"', '&quot;').replace(/\r\n?/g, '\n');
}

const escapeAngles = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

/** Element content as MediaWiki cleans it. */
export function escapeCleaned(text: string, mode: EscapeMode): string {
  return escapeContent(cleanBinary(text), mode);
}

/** Attribute value; the same in both profiles. PHP gives nothing for invalid UTF-8. */
export function escapeAttribute(text: string): string {
  if (!/[&<>"'\n\r\t\x80-\xff]/.test(text)) return text;
  if (!isValid(text)) return '';
  return escapeAngles(text)
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#039;')
    .replaceAll('\n', '&#10;')
    .replaceAll('\r', '&#13;')
    .replaceAll('\t', '&#9;');
}

/** `<name>text</name>`, or `<name />` where the text is empty; cleaned. */
export function cleanedElement(name: string, text: string, mode: EscapeMode): string {
  return text === '' ? `<${name} />` : `<${name}>${escapeCleaned(text, mode)}</${name}>`;
}

/** The same for content that MediaWiki does not clean: PHP's escaping gives nothing for invalid UTF-8. */
export function plainElement(name: string, text: string, mode: EscapeMode): string {
  return text === '' ? `<${name} />` : `<${name}>${isValid(text) ? escapeContent(text, mode) : ''}</${name}>`;
}

const isValid = (text: string): boolean => /^[\x00-\x7f]*$/.test(text) || isUtf8(Buffer.from(text, 'latin1'));

/** An ordinary string as a binary string of its UTF-8 bytes. */
export const toBinary = (text: string): string => Buffer.from(text, 'utf8').toString('latin1');
