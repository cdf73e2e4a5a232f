import { isUtf8 } from 'node:buffer';
import type { BinaryString, RedirectTarget } from '../../mediawiki/record/revision-record.ts';
import type { SiteInfo } from '../../mediawiki/siteinfo/site-info.ts';
import { toBinary } from './escape-markup.ts';
import type { Titles } from './titles.ts';

/**
 * The title that a redirect element names, or null where MediaWiki prints none. MediaWiki reads the redirect table's
 * row as a title anew, so a row from before a change of configuration may no longer be one: its namespace must exist,
 * its title must be allowed and gets its first letter as the namespace has it. Not followed: a namespace or interwiki
 * name inside the stored title, which MediaWiki itself never stores.
 */
export class RedirectTitles {
  readonly #titles: Titles;
  /** Namespaces whose titles begin with a capital letter, of all that there are. */
  readonly #capitalised: ReadonlyMap<number, boolean>;
  readonly #interwiki: ReadonlySet<string> | null;

  constructor(siteInfo: SiteInfo, titles: Titles) {
    this.#titles = titles;
    this.#capitalised = new Map(siteInfo.namespaces.map((one) => [one.id, one.case === 'first-letter']));
    this.#interwiki =
      siteInfo.interwikiPrefixes === null ? null : new Set(siteInfo.interwikiPrefixes.map(toBinary));
  }

  title({ namespace, title, interwiki }: RedirectTarget): BinaryString | null {
    const text = title.replace(/[ _]+/g, ' ').replace(/^ | $/g, '');
    if (text === '' || !isAllowed(text)) return null;
    if (interwiki === '') return this.#local(namespace, text);
    const prefix = interwiki.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
    // A prefix that is none any more is a part of the title.
    if (this.#interwiki !== null && !this.#interwiki.has(prefix))
      return this.#local(0, `${interwiki}:${text}`);
    return `${prefix}:${this.#titles.text(namespace, text)}`;
  }

  #local(namespace: number, text: BinaryString): BinaryString | null {
    // Media is virtual: a redirect to it leads to the file's page.
    const id = namespace === -2 ? 6 : namespace;
    const isCapitalised = this.#capitalised.get(id);
    if (isCapitalised === undefined) return null;
    if (id === -1 ? isRefusedSpecial(text) : text.length > 255) return null;
    return this.#titles.text(id, isCapitalised ? capitalised(text) : text);
  }
}

/** Special pages that MediaWiki refuses as redirect targets (its defaults, by their English names). */
const refused = new Set(['userlogout', 'logout', 'filepath', 'mypage', 'mytalk', 'redirect']);

const isRefusedSpecial = (text: BinaryString): boolean =>
  refused.has((text.split('/')[0] ?? '').replaceAll(' ', '').toLowerCase());

const forbidden = /[\x00-\x1f<>[\]{}|#\x7f]|%[0-9A-Fa-f]{2}|&[0-9A-Za-z\x80-\xff]+;|~~~|\xef\xbf\xbd/;
const relative = /^\.{1,2}(?:\/|$)|\/\.{1,2}(?:\/|$)/;

function isAllowed(text: BinaryString): boolean {
  if (forbidden.test(text) || relative.test(text)) return false;
  return /^[\x00-\x7f]*$/.test(text) || isUtf8(Buffer.from(text, 'latin1'));
}

function capitalised(text: BinaryString): BinaryString {
  const first = text.charCodeAt(0);
  if (first < 0x80) return text.charAt(0).toUpperCase() + text.slice(1);
  const size = first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
  const letter = Buffer.from(text.slice(0, size), 'latin1').toString('utf8');
  return toBinary(letter.toUpperCase()) + text.slice(size);
}
