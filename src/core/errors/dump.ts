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
  PREVIOUS_DUMP_CHANGED: {
    exit: exitStatus.failed,
    retryable: true,
    meaning: 'A file of the date before changed while unchanged parts of it were copied.',
    remedy: 'Nothing: the piece is made again by itself, without what is not there any more.',
  },
  REDACTION_IMPOSSIBLE: {
    exit: exitStatus.failed,
    retryable: false,
    meaning:
      'A published file is damaged, or not written as this version writes it, so nothing in it can be hidden.',
    remedy:
      'Withdraw the date with `rota dump withdraw`, or bring the file back from a mirror and redact again.',
  },
  REDACTED_SINCE: {
    exit: exitStatus.failed,
    retryable: false,
    meaning: 'Revisions of the wiki were redacted after this run had looked last at what is visible.',
    remedy: 'Let it look once more: `rota dump WIKI --date DATE --from-stage last-look`.',
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
  TABLE_DUMP_FAILED: {
    exit: exitStatus.failed,
    retryable: false,
    meaning: 'A table could not be written as SQL: the dump program refused, or a value has no place in SQL.',
    remedy: 'See what the message says of the table and the program; then resume the run.',
  },
  TABLE_DUMP_INTERRUPTED: {
    exit: exitStatus.failed,
    retryable: true,
    meaning: 'The dump program ended before its table was whole: it was killed, or its output was cut short.',
    remedy: 'Resume the run: only the unfinished tables are dumped again.',
  },
  WIKI_KEEPS_CHANGING: {
    exit: exitStatus.failed,
    retryable: true,
    meaning: 'Something was hidden or deleted on the wiki during every last look before publication.',
    remedy: 'Nothing: the run is tried again. If it goes on, dump the wiki at a quieter time.',
  },
} as const satisfies Readonly<Record<string, CatalogueEntry>>;
