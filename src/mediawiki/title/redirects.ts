import type { BinaryString, PageRecord, RedirectTarget, RevisionRecord } from '../record/revision-record.ts';
import type { SiteInfo } from '../siteinfo/site-info.ts';
import { inflateRawOrNull } from '../text/inflate.ts';
import type { TextRequest, TextSource } from '../text/text-source.ts';
import { type ParsedTitle, TitleParser } from './parse-title.ts';

/** Special pages that MediaWiki refuses as targets ($wgInvalidRedirectTargets and Userlogout). */
const refusedSpecialPages = new Set(['filepath', 'mypage', 'mytalk', 'redirect', 'userlogout']);
/** A redirect's link stands at its beginning; nobody writes a longer label. */
const longestHead = 64 * 1024;

/** Finds where redirects lead, as MediaWiki does when it writes a dump. */
export class Redirects {
  readonly #parser: TitleParser;
  readonly #knowsInterwiki: boolean;
  readonly #start: RegExp;
  readonly #texts: TextSource | null;

  /** Without a text source, redirects without a row stay without a target. */
  constructor(siteInfo: SiteInfo, texts: TextSource | null) {
    this.#parser = new TitleParser(siteInfo);
    this.#knowsInterwiki = siteInfo.interwikiPrefixes !== null;
    this.#texts = texts;
    const words = [...(siteInfo.redirectWords ?? ['#REDIRECT'])].sort((a, b) => b.length - a.length);
    this.#start = new RegExp(`^(?:${words.map(quoted).join('|')})`, 'iu');
  }

  /** The redirect table's row as a title of today's wiki; null when it is no valid target (any more). */
  fromRow(row: RedirectTarget): RedirectTarget | null {
    // A file's description, not the file.
    const namespace = row.namespace === -2 ? 6 : row.namespace;
    if (!this.#parser.hasNamespace(namespace)) return null;
    if (row.interwiki !== '' && !this.#knowsInterwiki) return row;
    const title = utf8(row.title);
    const interwiki = utf8(row.interwiki);
    if (title === null || interwiki === null) return null;
    const name = this.#parser.namespaceName(namespace);
    const text = `${interwiki === '' ? '' : `${interwiki}:`}${name === '' ? '' : `${name}:`}${title}`;
    return asTarget(this.#parser.parse(text));
  }

  /** The target that a text names; null when the text is no redirect. */
  fromText(text: string): RedirectTarget | null {
    const trimmed = text.replace(/^[ \t\n\r\0\v]+/, '');
    const start = this.#start.exec(trimmed)?.[0];
    if (start === undefined) return null;
    const link = /^[ \t\n\r\f\v]*:?[ \t\n\r\f\v]*\[\[([^\n]*?)(?:\|[^\n]*?)?\]\]/.exec(
      trimmed.slice(start.length),
    );
    let target = link?.[1];
    if (target === undefined) return null;
    if (target.includes('%')) {
      const decoded = utf8(percentDecoded(target.replace(/^:+/, '')));
      if (decoded === null) return null;
      target = decoded;
    }
    return asTarget(this.#parser.parse(decodedReferences(target)));
  }

  /** Targets of pages that have no row, from their latest texts. */
  async fromTexts(
    pages: readonly { readonly page: PageRecord; readonly latest: RevisionRecord }[],
    signal?: AbortSignal,
  ): Promise<ReadonlyMap<number, RedirectTarget | null>> {
    const targets = new Map<number, RedirectTarget | null>();
    if (this.#texts === null) return targets;
    const wanted: { readonly pageId: number; readonly request: TextRequest }[] = [];
    for (const { page, latest } of pages) {
      const [main] = latest.slots;
      // Other models have no redirects of this form, and nobody may read a hidden text.
      if (main?.role !== 'main' || main.model !== 'wikitext' || (latest.deleted & 1) !== 0) continue;
      wanted.push({ pageId: page.id, request: { ...main, revisionId: latest.id } });
    }
    const outcomes = await this.#texts.fetch(
      wanted.map((one) => one.request),
      signal,
    );
    wanted.forEach(({ pageId }, index) => {
      const outcome = outcomes[index];
      if (outcome === undefined || outcome.kind === 'failed') return;
      const bytes = outcome.kind === 'text' ? outcome.bytes : inflateRawOrNull(outcome.bytes);
      if (bytes === null) return;
      targets.set(pageId, this.fromText(Buffer.from(bytes.subarray(0, longestHead)).toString('utf8')));
    });
    return targets;
  }
}

function asTarget(title: ParsedTitle | null): RedirectTarget | null {
  if (title === null || title.title === '') return null;
  if (title.namespace === -1) {
    const [page = ''] = title.title.split('/');
    if (refusedSpecialPages.has(page.toLowerCase())) return null;
  }
  return {
    namespace: title.namespace,
    title: Buffer.from(title.title).toString('latin1'),
    interwiki: Buffer.from(title.interwiki).toString('latin1'),
  };
}

function utf8(binary: BinaryString): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(Buffer.from(binary, 'latin1'));
  } catch {
    return null;
  }
}

/** Percent-encoded bytes decoded, as a binary string. */
function percentDecoded(text: string): BinaryString {
  return Buffer.from(text)
    .toString('latin1')
    .replace(/%([0-9A-Fa-f]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}

const namedReferences: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  nbsp: '\u00a0',
};

/** Character references as people write them in links; the result is in normal form C, like every title. */
function decodedReferences(text: string): string {
  if (!text.includes('&')) return text;
  return text
    .replace(
      /&(?:#(\d+)|#x([0-9a-f]+)|([a-z]+));/gi,
      (whole, decimal?: string, hex?: string, name?: string) => {
        if (name !== undefined) return namedReferences[name.toLowerCase()] ?? whole;
        const code = decimal === undefined ? Number.parseInt(hex ?? '', 16) : Number(decimal);
        return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : '\ufffd';
      },
    )
    .normalize('NFC');
}

function quoted(word: string): string {
  return word.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');
}
