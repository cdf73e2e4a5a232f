import { languages } from '../language/languages.ts';
import type { WikiOptions } from '../wiki/wiki-options.ts';

const releases = { '1.35': '1.35.14', '1.39': '1.39.17', '1.43': '1.43.6' } as const;

export interface SiteNamespaceAnswer {
  readonly id: number;
  readonly case: 'first-letter';
  readonly name: string;
  readonly subpages: boolean;
  readonly canonical?: string;
  readonly content: boolean;
  readonly nonincludable: boolean;
}

/** What api.php?action=query&meta=siteinfo&formatversion=2 of the generated wiki would answer. */
export function siteAnswer(options: WikiOptions): {
  readonly batchcomplete: true;
  readonly query: {
    readonly general: Readonly<Record<string, string>>;
    readonly namespaces: Readonly<Record<string, SiteNamespaceAnswer>>;
    readonly namespacealiases: readonly { readonly id: number; readonly alias: string }[];
    readonly magicwords: readonly unknown[];
    readonly interwikimap: readonly unknown[];
  };
} {
  const language = languages[options.language];
  const namespaces = siteNamespaces(options);
  return {
    batchcomplete: true,
    query: {
      general: {
        mainpage: language.mainPage,
        base: mainPageUrl(options),
        sitename: options.siteName,
        generator: generatorOf(options),
        case: 'first-letter',
        lang: options.language,
        wikiid: options.name,
        server: `http://${options.name}.example`,
        articlepath: '/wiki/$1',
      },
      namespaces: Object.fromEntries(namespaces.map((namespace) => [`${namespace.id}`, namespace])),
      namespacealiases: [
        { id: 6, alias: 'Image' },
        { id: 7, alias: 'Image talk' },
      ],
      magicwords: [{ name: 'redirect', aliases: language.redirectWords, 'case-sensitive': false }],
      interwikimap: [
        { prefix: 'metawikimedia', url: 'https://meta.wikimedia.org/wiki/$1' },
        { prefix: 'wikipedia', url: 'https://en.wikipedia.org/wiki/$1' },
        { prefix: 'de', local: true, language: 'Deutsch', url: 'https://de.wikipedia.org/wiki/$1' },
        { prefix: 'es', local: true, language: 'español', url: 'https://es.wikipedia.org/wiki/$1' },
      ],
    },
  };
}

/** The wiki's namespaces, ascending by id. */
export function siteNamespaces(
  options: Pick<WikiOptions, 'language' | 'siteName'>,
): readonly SiteNamespaceAnswer[] {
  const { namespaces } = languages[options.language];
  return Object.entries(namespaces)
    .map(([id, name]) => ({ id: Number(id), name: name.replace('$1', options.siteName) }))
    .sort((a, b) => a.id - b.id)
    .map(({ id, name }) => ({
      id,
      case: 'first-letter',
      name,
      subpages: id > 0 && id !== 6 && id !== 14,
      ...(id === 0 ? {} : { canonical: languages.en.namespaces[id]?.replace('$1', 'Project') ?? name }),
      content: id === 0,
      nonincludable: false,
    }));
}

export function mainPageUrl(options: Pick<WikiOptions, 'name' | 'language'>): string {
  const page = encodeURIComponent(languages[options.language].mainPage.replaceAll(' ', '_'));
  return `http://${options.name}.example/wiki/${page}`;
}

export function generatorOf(options: Pick<WikiOptions, 'schema'>): string {
  return `MediaWiki ${releases[options.schema]}`;
}
