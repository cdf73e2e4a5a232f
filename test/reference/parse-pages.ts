/** A page as an export names it, for comparing two exports by what they mean. A small reader of its own: not Rota's. */
export interface ParsedPage {
  readonly title: string;
  readonly revisions: readonly ParsedRevision[];
}

export interface ParsedRevision {
  readonly id: number;
  /** As in the file: `2020-01-01T00:00:00Z`. */
  readonly timestamp: string;
  /** User name or address; undefined when hidden. */
  readonly contributor: string | undefined;
  readonly comment: string | undefined;
  /** The main slot's text as an XML reader gives it (all line ends are `\n`); undefined when hidden or unreadable. */
  readonly text: string | undefined;
  /** The attribute; not necessarily what the text hashes to. */
  readonly sha1: string | undefined;
}

export function parsePages(xml: string): readonly ParsedPage[] {
  return sections(xml, 'page').map((page) => ({
    title: element(page, 'title') ?? '',
    revisions: sections(page, 'revision').map(parseRevision),
  }));
}

function parseRevision(xml: string): ParsedRevision {
  const text = /<text([^>]*?)(?:\/>|>([^<]*)<\/text>)/.exec(xml);
  const attributes = text?.[1] ?? '';
  const shown = text !== null && !attributes.includes('deleted=');
  return {
    id: Number(element(xml, 'id')),
    timestamp: element(xml, 'timestamp') ?? '',
    contributor: element(xml, 'username') ?? element(xml, 'ip'),
    comment: element(xml, 'comment'),
    text: shown ? decode(text[2] ?? '') : undefined,
    sha1: /sha1="([0-9a-z]+)"/.exec(attributes)?.[1],
  };
}

function sections(xml: string, name: string): readonly string[] {
  return [...xml.matchAll(new RegExp(String.raw`<${name}>([\s\S]*?)</${name}>`, 'g'))].map(
    (match) => match[1] ?? '',
  );
}

function element(xml: string, name: string): string | undefined {
  const content = new RegExp(`<${name}(?: [^>]*)?>([^<]*)</${name}>`).exec(xml)?.[1];
  return content === undefined ? undefined : decode(content);
}

const entities: Readonly<Record<string, string>> = {
  '&lt;': '<',
  '&gt;': '>',
  '&quot;': '"',
  '&#039;': "'",
  '&amp;': '&',
};

function decode(text: string): string {
  return text
    .replace(/\r\n?/g, '\n')
    .replace(/&(?:lt|gt|quot|amp|#039);/g, (entity) => entities[entity] ?? entity);
}
