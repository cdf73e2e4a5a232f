import type { CatalogueEntry } from './entry.ts';

export const controlErrors = {} as const satisfies Readonly<Record<string, CatalogueEntry>>;
