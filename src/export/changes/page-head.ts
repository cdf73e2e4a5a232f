import { escapeAttribute, escapeContent, toBinary } from '../writer/escape-markup.ts';
import { unescapeXml } from './unescape-xml.ts';

/** What a page's head says, unescaped, as ordinary strings. */
export interface PageHead {
  readonly ns: number;
  readonly title: string;
  readonly redirect?: string;
}

/** Reads a page's head as the text pass writes it; null for anything else. */
export function parsePageHead(xml: Buffer): PageHead | null {
  const text = xml.toString('utf8');
  const match =
    /^ {2}<page>\n {4}<title(?: \/>|>([^<]*)<\/title>)\n {4}<ns>(-?\d+)<\/ns>\n {4}<id>\d+<\/id>\n(?: {4}<redirect title="([^"]*)" \/>\n)?$/.exec(
      text,
    );
  if (match === null) return null;
  const [, title = '', ns, redirect] = match;
  return {
    ns: Number(ns),
    title: unescapeXml(title),
    ...(redirect === undefined ? {} : { redirect: unescapeXml(redirect) }),
  };
}

/** The head again, byte for byte. */
export function renderPageHead(pageId: number, { ns, title, redirect }: PageHead): Buffer {
  const name = title === '' ? '<title />' : `<title>${escapeContent(toBinary(title), 'text-pass')}</title>`;
  const target =
    redirect === undefined ? '' : `    <redirect title="${escapeAttribute(toBinary(redirect))}" />\n`;
  return Buffer.from(
    `  <page>\n    ${name}\n    <ns>${ns}</ns>\n    <id>${pageId}</id>\n${target}`,
    'latin1',
  );
}
