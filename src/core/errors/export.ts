import { exitStatus } from '../exit-status.ts';
import type { CatalogueEntry } from './entry.ts';

/** Failures of the XML export format: writing, reading, containers. */
export const exportErrors = {
  EXPORT_TEXT_TOO_LARGE: {
    exit: exitStatus.failed,
    retryable: false,
    meaning: 'One text, or one piece of a dump, does not fit into the 4 GiB of the output memory.',
    remedy: 'Cut the pieces smaller; a single text of this size cannot be exported.',
  },
} as const satisfies Readonly<Record<string, CatalogueEntry>>;
