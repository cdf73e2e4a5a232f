import { catalogue } from '../core/errors/catalogue.ts';
import type { CatalogueEntry } from '../core/errors/entry.ts';
import { RotaError } from '../core/errors/rota-error.ts';
import { nearest } from '../core/nearest.ts';
import type { Output } from './output/output.ts';
import { wrapped } from './output/wrapped.ts';

/** @throws RotaError USAGE for a code that there is not */
export function explainError(out: Output, given: string): void {
  const code = given.toUpperCase().replaceAll('-', '_');
  const entry: CatalogueEntry | undefined = Object.hasOwn(catalogue, code)
    ? catalogue[code as keyof typeof catalogue]
    : undefined;
  if (entry === undefined) {
    const near = nearest(code, Object.keys(catalogue));
    const hint = near === null ? '`rota explain` lists all' : `did you mean ${near}?`;
    throw new RotaError('USAGE', `there is no error ${JSON.stringify(given)}; ${hint}`);
  }
  if (out.json) {
    out.line({ code, ...entry }, code);
    return;
  }
  const again = entry.retryable ? 'tried again by itself' : 'final until something changes';
  const parts = [entry.meaning, entry.remedy].flatMap((part) => wrapped(part, out.widthChars, '  '));
  out.text([code, '', ...parts, '', `  Exit status ${entry.exit}; ${again}.`].join('\n'));
}

export function listErrors(out: Output): void {
  const rows = Object.entries<CatalogueEntry>(catalogue).map(([code, entry]) => ({ code, ...entry }));
  out.table(
    [
      { title: 'CODE', value: (row) => row.code },
      { title: 'EXIT', value: (row) => String(row.exit), align: 'right' },
      { title: 'MEANING', value: (row) => row.meaning, shrinks: true },
    ],
    rows,
    'there are none',
  );
}
