/**
 * The catalogue of failures. Every failure that a person can meet has one code here; docs/reference/errors.md is
 * made from it. Each room of the house keeps its own codes in a file beside this one.
 */
import { changesErrors } from './changes.ts';
import { configErrors } from './config.ts';
import { controlErrors } from './control.ts';
import { deployErrors } from './deploy.ts';
import { dumpErrors } from './dump.ts';
import type { CatalogueEntry } from './entry.ts';
import { exportErrors } from './export.ts';
import { exportContainersErrors } from './export-containers.ts';
import { filesErrors } from './files.ts';
import { generalErrors } from './general.ts';
import { mediawikiErrors } from './mediawiki.ts';
import { publishErrors } from './publish.ts';
import { reportErrors } from './report.ts';
import { storeErrors } from './store.ts';
import { webErrors } from './web.ts';

export const catalogue = {
  ...generalErrors,
  ...configErrors,
  ...controlErrors,
  ...storeErrors,
  ...mediawikiErrors,
  ...exportErrors,
  ...exportContainersErrors,
  ...filesErrors,
  ...publishErrors,
  ...dumpErrors,
  ...reportErrors,
  ...changesErrors,
  ...deployErrors,
  ...webErrors,
} as const satisfies Readonly<Record<string, CatalogueEntry>>;

export type ErrorCode = keyof typeof catalogue;
