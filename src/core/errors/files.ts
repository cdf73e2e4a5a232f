import { exitStatus } from '../exit-status.ts';
import type { CatalogueEntry } from './entry.ts';

/** Failures of the tools for dump files (`rota xml`). */
export const filesErrors = {
  XML_DAMAGED: {
    exit: exitStatus.failed,
    retryable: false,
    meaning: 'The file decompresses, but its XML is cut short, does not nest, or is not in order of its ids.',
    remedy: 'Look at it with `rota xml check`; `rota xml repair` saves what lies before the damage.',
  },
  PAGE_NOT_FOUND: {
    exit: exitStatus.nothingToDo,
    retryable: false,
    meaning: 'The dump file has no such page.',
    remedy: 'Check the id or title; pages that were deleted before the dump was made are not in it.',
  },
  INDEX_MISMATCH: {
    exit: exitStatus.failed,
    retryable: false,
    meaning: 'A multistream index names a place of the dump at which its page is not.',
    remedy: 'Use the index of the same dump, or make both anew with `rota xml recompress --multistream`.',
  },
  DUMPS_DISAGREE: {
    exit: exitStatus.failed,
    retryable: false,
    meaning:
      'Files that should be joined are not parts of one dump: their heads differ, or their pages overlap.',
    remedy: 'Name the parts of one dump, in the order of their pages.',
  },
  NOTHING_TO_SAVE: {
    exit: exitStatus.failed,
    retryable: false,
    meaning: 'A damaged dump file holds no whole page or revision that can be read.',
    remedy: 'Fetch or make the file again.',
  },
} as const satisfies Readonly<Record<string, CatalogueEntry>>;
