import { defaultWikiOptions, type WikiOptions } from '../wiki/wiki-options.ts';

/** A wiki of the demonstration farm, and in which form its siteinfo is given. */
export interface FarmWiki {
  readonly options: WikiOptions;
  readonly siteinfo: 'api' | 'dump';
}

/** How many days the wikis have lived since they were made. */
export const farmDays = 3;

/** Two small wikis that differ in all that a dump must be able to do: language, schema, storage of texts, size. */
export const farmWikis: readonly FarmWiki[] = [
  {
    siteinfo: 'api',
    options: {
      ...defaultWikiOptions,
      name: 'gardenwiki',
      siteName: 'Garden & Orchard',
      seed: 20_260_101,
      pages: 400,
      revisions: 5000,
      meanBytes: 4000,
      storage: { gzip: 0.9, plain: 0.06, legacy: 0.04 },
    },
  },
  {
    siteinfo: 'dump',
    options: {
      ...defaultWikiOptions,
      name: 'jardinwiki',
      siteName: 'Le Jardin',
      language: 'fr',
      schema: '1.43',
      seed: 20_260_102,
      pages: 120,
      revisions: 1200,
      meanBytes: 2500,
      storage: { gzip: 0.7, external: 0.3 },
    },
  },
];
