import type { CatalogueEntry } from './entry.ts';

export const exportErrors = {} as const satisfies Readonly<Record<string, CatalogueEntry>>;
