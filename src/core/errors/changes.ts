import { exitStatus } from '../exit-status.ts';
import type { CatalogueEntry } from './entry.ts';

/** Failures of adds/changes dumps: marks, ledgers, the chain of days, applying them. */
export const changesErrors = {
  LEDGER_DAMAGED: {
    exit: exitStatus.failed,
    retryable: false,
    meaning: 'A file that should be a ledger is none of this version, is cut short, or does not add up.',
    remedy: 'Fetch it again; a private one of Rota is made anew by the next full dump.',
  },
  CHANGES_CHAIN_BROKEN: {
    exit: exitStatus.failed,
    retryable: false,
    meaning: 'A day of changes does not follow from the state that it is to be applied to.',
    remedy: 'Give all days from the full dump on, oldest first, or begin with a newer full dump.',
  },
  CHANGES_UNREADABLE: {
    exit: exitStatus.failed,
    retryable: false,
    meaning: 'A folder of changes lacks a file, or a file in it is not what its checksum says.',
    remedy: 'Fetch the day again.',
  },
  CHANGES_NO_MARK: {
    exit: exitStatus.nothingToDo,
    retryable: true,
    meaning: 'There is no mark of that date to make changes up to.',
    remedy: 'Make it with `rota changes mark`, or let `rota changes catch-up` estimate it.',
  },
  CHANGES_DELAY: {
    exit: exitStatus.nothingToDo,
    retryable: true,
    meaning: 'The changes of the date are not due yet: revisions may still be committed below its mark.',
    remedy: 'Wait until the delay is over.',
  },
  CHANGES_LEFT_OUT: {
    exit: exitStatus.usage,
    retryable: false,
    meaning: 'Adds/changes dumps leave out wikis that are closed or private.',
    remedy: 'Nothing; if the wiki is neither, mend its entry in rota.yaml.',
  },
} as const satisfies Readonly<Record<string, CatalogueEntry>>;
