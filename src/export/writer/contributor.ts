import type { BinaryString } from '../../mediawiki/record/revision-record.ts';
import type { EscapeMode } from '../kernel/escape-tables.ts';
import { cleanedElement } from './escape-markup.ts';

// What MediaWiki takes for an IP address: leading zeros up to three digits; `::` once; PCRE's $ allows a last newline.
const byte = '(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|0?[0-9]?[0-9])';
const version4 = new RegExp(`^${byte}(?:\\.${byte}){3}\\n?$`);
const hexWords = /^[0-9A-Fa-f]{1,4}(?::[0-9A-Fa-f]{1,4})*$/;

export function isIpAddress(name: string): boolean {
  const first = name.charCodeAt(0);
  // Names that begin with neither a digit, a letter a-f nor a colon are decided at once.
  const mayBe =
    (first >= 0x30 && first <= 0x3a) || (first >= 0x41 && first <= 0x46) || (first >= 0x61 && first <= 0x66);
  return mayBe && (version4.test(name) || isVersion6(name));
}

function isVersion6(name: string): boolean {
  const address = name.endsWith('\n') ? name.slice(0, -1) : name;
  const gap = address.indexOf('::');
  if (gap === -1) return hexWords.test(address) && address.split(':').length === 8;
  const before = address.slice(0, gap);
  const after = address.slice(gap + 2);
  if (before !== '' && !hexWords.test(before)) return false;
  if (after !== '' && !hexWords.test(after)) return false;
  const words = (before === '' ? 0 : before.split(':').length) + (after === '' ? 0 : after.split(':').length);
  return words <= 7;
}

export interface ContributorStyle {
  readonly indent: string;
  readonly mode: EscapeMode;
  /** What `<id>` says where there is no user id: 0 for revisions, nothing for log items (the column is NULL). */
  readonly withoutId: '0' | '';
}

/** The contributor element with its lines. */
export function contributorElement(userId: number, userName: BinaryString, style: ContributorStyle): string {
  const { indent, mode } = style;
  if (userId === 0 && isIpAddress(userName)) {
    return `${indent}<contributor>\n${indent}  ${cleanedElement('ip', userName, mode)}\n${indent}</contributor>\n`;
  }
  const id = userId === 0 ? style.withoutId : String(userId);
  const idElement = id === '' ? '<id />' : `<id>${id}</id>`;
  return `${indent}<contributor>\n${indent}  ${cleanedElement('username', userName, mode)}\n${indent}  ${idElement}\n${indent}</contributor>\n`;
}

/** Contributor elements of one kind, remembered by user while they are few: most revisions are by the same people. */
export class ContributorCache {
  readonly #style: ContributorStyle;
  /** By name for those without an id; otherwise by id, with the name that it had. */
  readonly #anonymous = new Map<string, string>();
  readonly #users = new Map<number, { readonly userName: string; readonly element: string }>();
  readonly #maximum: number;

  constructor(style: ContributorStyle, maximum = 4096) {
    this.#style = style;
    this.#maximum = maximum;
  }

  element(userId: number, userName: BinaryString): string {
    return userId === 0 ? this.#ofAnonymous(userName) : this.#ofUser(userId, userName);
  }

  #ofUser(userId: number, userName: BinaryString): string {
    const known = this.#users.get(userId);
    if (known?.userName === userName) return known.element;
    if (this.#users.size >= this.#maximum) this.#users.clear();
    const name = ownCopy(userName);
    const element = ownCopy(contributorElement(userId, name, this.#style));
    this.#users.set(userId, { userName: name, element });
    return element;
  }

  #ofAnonymous(userName: BinaryString): string {
    const known = this.#anonymous.get(userName);
    if (known !== undefined) return known;
    if (this.#anonymous.size >= this.#maximum) this.#anonymous.clear();
    const name = ownCopy(userName);
    const element = ownCopy(contributorElement(0, name, this.#style));
    this.#anonymous.set(name, element);
    return element;
  }
}

/** A string may be a slice of a much longer one, which it keeps in memory: what is kept long gets characters of its own. */
const ownCopy = (text: BinaryString): BinaryString => Buffer.from(text, 'latin1').toString('latin1');
