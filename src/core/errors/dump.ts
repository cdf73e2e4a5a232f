import { exitStatus } from '../exit-status.ts';
import type { CatalogueEntry } from './entry.ts';

/** Failures of the full dump and of the rooms that build it. */
export const dumpErrors = {
  SPOOL_DAMAGED: {
    exit: exitStatus.failed,
    retryable: false,
    meaning: 'The private spool of a run (its frozen metadata) is missing, cut short or unreadable.',
    remedy: 'Run the dump again with --from-stage spool.',
  },
  PIECE_DAMAGED: {
    exit: exitStatus.failed,
    retryable: true,
    meaning: 'A finished piece of a dump has not the size or checksum that was recorded for it.',
    remedy: 'Resume the run: the piece is made again. If it happens again, check the disk.',
  },
  VERIFICATION_FAILED: {
    exit: exitStatus.failed,
    retryable: false,
    meaning: 'A file that was just made does not read back as what was written into it.',
    remedy: 'Check disk and memory, then run the dump again with --force; nothing of the set was published.',
  },
  RENDER_THREAD_DIED: {
    exit: exitStatus.failed,
    retryable: true,
    meaning: 'A rendering thread ended unexpectedly (out of memory, or a fault in Rota).',
    remedy: 'Resume the run; with little memory set jobs.full-dump.threads lower.',
  },
  OUTPUT_UNWRITABLE: {
    exit: exitStatus.failed,
    retryable: false,
    meaning: 'The output of an export could not be written.',
    remedy: 'Check the path, the permissions and the room on the disk.',
  },
  OUTPUT_CLOSED: {
    exit: exitStatus.failed,
    retryable: false,
    meaning: 'Whoever read the output of an export went away before it ended.',
    remedy: 'Check the program that reads the pipe.',
  },
  WIKI_UNKNOWN: {
    exit: exitStatus.usage,
    retryable: false,
    meaning: 'No wiki of that name is configured.',
    remedy: 'See `rota config show` for the wikis there are.',
  },
  TOLERANCE_EXCEEDED: {
    exit: exitStatus.failed,
    retryable: false,
    meaning: 'More texts could not be read than the configuration tolerates; the set is held.',
    remedy: 'Look at the failed revisions, then `rota run approve` or `rota run reject`.',
  },
} as const satisfies Readonly<Record<string, CatalogueEntry>>;
