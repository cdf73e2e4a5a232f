import type { CatalogueEntry } from './entry.ts';

export const mediawikiErrors = {} as const satisfies Readonly<Record<string, CatalogueEntry>>;
