import type { SiteInfoResult, SiteNamespace } from './site-info.ts';
import { unreadable } from './unreadable.ts';

/** Reads the head of a dump: the root element and `<siteinfo>`, as MediaWiki writes them. */
export function parseDumpHead(text: string, source: string): SiteInfoResult {
  const head = /<siteinfo>([\s\S]*?)<\/siteinfo>/.exec(text)?.[1];
  if (head === undefined) throw unreadable(source, 'it has no <siteinfo> at its beginning');
  const root = /<mediawiki\b[^>]*>/.exec(text)?.[0] ?? '';
  const element = (name: string): string => {
    const match = new RegExp(`<${name}(?:\\s*/>|>([^<]*)</${name}>)`).exec(head);
    if (match === null) throw unreadable(source, `its <siteinfo> has no <${name}>`);
    return unescapeXml(match[1] ?? '');
  };
  const namespaces: SiteNamespace[] = [];
  const pattern = /<namespace\s+key="(-?\d+)"(?:\s+case="([^"]*)")?\s*(?:\/>|>([^<]*)<\/namespace>)/g;
  for (const [, key = '', setting = 'first-letter', name = ''] of head.matchAll(pattern)) {
    namespaces.push({ id: Number(key), name: unescapeXml(name), case: toCase(setting, source), aliases: [] });
  }
  if (namespaces.length === 0) throw unreadable(source, 'its <siteinfo> has no namespaces');
  return {
    lacks: ['namespace aliases', 'spellings of #REDIRECT', 'interwiki prefixes'],
    siteInfo: {
      siteName: element('sitename'),
      databaseName: element('dbname'),
      base: element('base'),
      generator: element('generator'),
      case: toCase(element('case'), source),
      language: unescapeXml(/\sxml:lang="([^"]*)"/.exec(root)?.[1] ?? 'en'),
      namespaces: namespaces.sort((a, b) => a.id - b.id),
      redirectWords: null,
      interwikiPrefixes: null,
      apiAnswer: null,
    },
  };
}

function toCase(text: string, source: string): SiteNamespace['case'] {
  if (text === 'first-letter' || text === 'case-sensitive') return text;
  throw unreadable(source, `it has the unknown case setting "${text}"`);
}

const named: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

function unescapeXml(text: string): string {
  return text.replace(/&(#x[0-9a-f]+|#\d+|[a-z]+);/gi, (whole, body: string) => {
    if (body.startsWith('#x') || body.startsWith('#X'))
      return String.fromCodePoint(Number.parseInt(body.slice(2), 16));
    if (body.startsWith('#')) return String.fromCodePoint(Number(body.slice(1)));
    return named[body] ?? whole;
  });
}
