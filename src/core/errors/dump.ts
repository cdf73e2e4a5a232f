import type { CatalogueEntry } from './entry.ts';

export const dumpErrors = {} as const satisfies Readonly<Record<string, CatalogueEntry>>;
