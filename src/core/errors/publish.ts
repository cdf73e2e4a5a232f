import type { CatalogueEntry } from './entry.ts';

export const publishErrors = {} as const satisfies Readonly<Record<string, CatalogueEntry>>;
