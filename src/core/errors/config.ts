import type { CatalogueEntry } from './entry.ts';

export const configErrors = {} as const satisfies Readonly<Record<string, CatalogueEntry>>;
