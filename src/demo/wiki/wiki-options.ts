import type { LanguageCode } from '../language/languages.ts';
import type { SchemaVersion } from '../schema/schema-version.ts';

/** How a revision's text is kept in the `text` table. */
export const textStorages = ['gzip', 'plain', 'legacy', 'external'] as const;
export type TextStorage = (typeof textStorages)[number];

/** What a generated wiki is to be like. The same options give the same rows. */
export interface WikiOptions {
  /** Database name, such as `gardenwiki`; only used in siteinfo and URLs. */
  readonly name: string;
  readonly siteName: string;
  readonly language: LanguageCode;
  readonly seed: number;
  /** Rows of `page`. At least 40. */
  readonly pages: number;
  /** Rows of `revision`; at least as many as pages. */
  readonly revisions: number;
  /** Mean length of a revision's text, bytes. */
  readonly meanBytes: number;
  readonly schema: SchemaVersion;
  /** Share of each kind of storage; the shares need not add up to 1. */
  readonly storage: Readonly<Partial<Record<TextStorage, number>>>;
  /** Deflate level of `gzip` rows, 1 to 9. MediaWiki's is 6. */
  readonly compressionLevel: number;
  /** The years that the wiki has lived through. */
  readonly from: Date;
  readonly until: Date;
}

export const defaultWikiOptions: WikiOptions = {
  name: 'demowiki',
  siteName: 'Demo Wiki',
  language: 'en',
  seed: 1,
  pages: 500,
  revisions: 5000,
  meanBytes: 17_000,
  schema: '1.39',
  storage: { gzip: 1 },
  compressionLevel: 6,
  from: new Date('2005-01-15T00:00:00Z'),
  until: new Date('2026-10-31T00:00:00Z'),
};
