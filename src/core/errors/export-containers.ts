import { exitStatus } from '../exit-status.ts';
import type { CatalogueEntry } from './entry.ts';

/** Failures of compressed files: writing, joining, reading, scanning. */
export const exportContainersErrors = {
  BZ2_STREAM_INVALID: {
    exit: exitStatus.failed,
    retryable: false,
    meaning: 'Bytes that should be one complete bz2 stream are not.',
    remedy: 'Compress that part again; if the bytes come from a stored file, the file is damaged.',
  },
  COMPRESSOR_FAILED: {
    exit: exitStatus.failed,
    retryable: true,
    meaning: 'A compression program ended with an error, was killed or gave something unexpected.',
    remedy:
      'Read what it said; it is often memory or a kill by the system. Running again repeats only that part.',
  },
  ARCHIVE_DAMAGED: {
    exit: exitStatus.failed,
    retryable: false,
    meaning: 'A compressed file is cut short or damaged at the place given.',
    remedy: 'Fetch or make the file again; `rota xml repair` saves what lies before the damage.',
  },
  SEEK_TABLE_INVALID: {
    exit: exitStatus.failed,
    retryable: false,
    meaning: 'A zst file has no seek table at its end, or one that does not fit the file.',
    remedy: 'Read the file from its start, or make it again.',
  },
} as const satisfies Readonly<Record<string, CatalogueEntry>>;
