import type { SiteInfo, SiteNamespace } from '../siteinfo/site-info.ts';
import { coreNamespaceNames } from './core-namespaces.ts';

/** A title as MediaWiki understands it. Text is ordinary (UTF-16) text with underscores. */
export interface ParsedTitle {
  readonly namespace: number;
  readonly title: string;
  /** Lower case; '' for a local title. */
  readonly interwiki: string;
}

const mainNamespace = 0;
const talkNamespace = 1;
const specialNamespace = -1;

/** What titles of one wiki are parsed with: made once from its siteinfo. */
export class TitleParser {
  readonly #byName = new Map<string, SiteNamespace>();
  readonly #byId = new Map<number, SiteNamespace>();
  readonly #interwiki: ReadonlySet<string>;

  constructor(siteInfo: SiteInfo) {
    for (const namespace of siteInfo.namespaces) this.#byId.set(namespace.id, namespace);
    // A wiki's own names go before the ones that every MediaWiki knows.
    for (const [id, names] of Object.entries(coreNamespaceNames)) {
      const namespace = this.#byId.get(Number(id));
      if (namespace !== undefined) for (const name of names) this.#byName.set(keyOf(name), namespace);
    }
    for (const namespace of siteInfo.namespaces)
      for (const alias of namespace.aliases) this.#byName.set(keyOf(alias), namespace);
    for (const namespace of siteInfo.namespaces)
      if (namespace.name !== '') this.#byName.set(keyOf(namespace.name), namespace);
    this.#interwiki = new Set(siteInfo.interwikiPrefixes ?? []);
  }

  hasNamespace(id: number): boolean {
    return this.#byId.has(id);
  }

  namespaceName(id: number): string {
    return this.#byId.get(id)?.name ?? '';
  }

  /** The title that a text such as `:talk:foo_bar#x` stands for; null when it is none. */
  parse(text: string): ParsedTitle | null {
    let rest = text
      .replaceAll(' ', '_')
      .replace(/[\u200e\u200f\u202a-\u202e]+/g, '')
      .replace(/[_\u00a0\u1680\u180e\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+/g, '_');
    rest = trimUnderscores(rest);
    if (rest.includes('\ufffd')) return null;
    let namespace = mainNamespace;
    let interwiki = '';
    if (rest.startsWith(':')) rest = trimUnderscores(rest.slice(1));
    if (rest === '') return null;

    const prefixed = splitPrefix(rest);
    if (prefixed !== null) {
      const found = this.#byName.get(keyOf(prefixed.prefix));
      if (found !== undefined) {
        namespace = found.id;
        rest = prefixed.rest;
        const inner = namespace === talkNamespace ? splitPrefix(rest) : null;
        // [[Talk:File:x]] would be ambiguous.
        if (inner !== null && (this.#byName.has(keyOf(inner.prefix)) || this.#isInterwiki(inner.prefix)))
          return null;
      } else if (this.#isInterwiki(prefixed.prefix)) {
        interwiki = prefixed.prefix.toLowerCase();
        rest = prefixed.rest;
        if (rest.startsWith(':')) rest = trimUnderscores(rest.slice(1));
      }
    }
    const hash = rest.indexOf('#');
    if (hash >= 0) rest = rest.slice(0, hash).replace(/_*$/, '');
    if (!isLegal(rest, namespace)) return null;
    if (interwiki === '') {
      if (this.#byId.get(namespace)?.case !== 'case-sensitive') rest = upperFirst(rest);
      if (rest === '' && namespace !== mainNamespace) return null;
    }
    if (rest.startsWith(':')) return null;
    return { namespace, title: rest, interwiki };
  }

  #isInterwiki(prefix: string): boolean {
    return this.#interwiki.has(prefix.toLowerCase());
  }
}

/** Characters that no title may have, and sequences that would not survive a URL or XML. */
const illegal =
  /[^ %!"$&'()*,\-./0-9:;=?@A-Z\\^_`a-z~\u0080-\u{10ffff}+]|%[0-9A-Fa-f]{2}|&[A-Za-z0-9\u0080-\u{10ffff}]+;/u;

function isLegal(title: string, namespace: number): boolean {
  if (illegal.test(title)) return false;
  // Relative paths, anywhere in the title.
  if (/(^|\/)\.\.?(\/|$)/.test(title)) return false;
  if (title.includes('~~~')) return false;
  return Buffer.byteLength(title) <= (namespace === specialNamespace ? 512 : 255);
}

function splitPrefix(text: string): { prefix: string; rest: string } | null {
  const match = /^(.+?)_*:_*(.*)$/s.exec(text);
  return match === null ? null : { prefix: match[1] ?? '', rest: match[2] ?? '' };
}

function keyOf(name: string): string {
  return name.replaceAll(' ', '_').toLowerCase();
}

function trimUnderscores(text: string): string {
  return text.replace(/^_+|_+$/g, '');
}

/** One character to one character, as MediaWiki does it ("ß" stays). */
function upperFirst(text: string): string {
  const [first = ''] = text;
  const upper = first.toUpperCase();
  return [...upper].length === 1 ? upper + text.slice(first.length) : text;
}
