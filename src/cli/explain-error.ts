import { catalogue } from '../core/errors/catalogue.ts';
import type { CatalogueEntry } from '../core/errors/entry.ts';
import { RotaError } from '../core/errors/rota-error.ts';
import { nearest } from '../core/nearest.ts';
import { type FindingEntry, findingCatalogue } from '../operations/doctor/finding-catalogue.ts';
import type { Output } from './output/output.ts';
import { wrapped } from './output/wrapped.ts';

/** What failures and what findings of the doctor are called. */
const entries = new Map<string, CatalogueEntry | FindingEntry>([
  ...Object.entries(catalogue),
  ...Object.entries(findingCatalogue),
]);

/** @throws RotaError USAGE for a code that there is not */
export function explainError(out: Output, given: string): void {
  const code = given.toUpperCase().replaceAll('-', '_');
  const entry = entries.get(code);
  if (entry === undefined) {
    const near = nearest(code, [...entries.keys()]);
    const hint = near === null ? '`rota explain` lists all' : `did you mean ${near}?`;
    throw new RotaError('USAGE', `there is no error ${JSON.stringify(given)}; ${hint}`);
  }
  if (out.json) {
    out.line({ code, ...entry }, code);
    return;
  }
  const parts = [entry.meaning, entry.remedy].flatMap((part) => wrapped(part, out.widthChars, '  '));
  out.text([code, '', ...parts, '', `  ${ending(entry)}`].join('\n'));
}

function ending(entry: CatalogueEntry | FindingEntry): string {
  if ('exit' in entry)
    return `Exit status ${entry.exit}; ${entry.retryable ? 'tried again by itself' : 'final until something changes'}.`;
  const level = entry.level === 'either' ? 'fault or warning' : entry.level;
  return `A ${level} that rota doctor finds.`;
}

export function listErrors(out: Output): void {
  const rows = [...entries].map(([code, entry]) => ({ code, ...entry }));
  out.table(
    [
      { title: 'CODE', value: (row) => row.code },
      { title: 'EXIT', value: (row) => ('exit' in row ? String(row.exit) : 'doctor'), align: 'right' },
      { title: 'MEANING', value: (row) => row.meaning, shrinks: true },
    ],
    rows,
    'there are none',
  );
}
