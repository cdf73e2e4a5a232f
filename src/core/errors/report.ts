import { exitStatus } from '../exit-status.ts';
import type { CatalogueEntry } from './entry.ts';

/** Failures of loading a tracker and of reports on its scopes. */
export const reportErrors = {
  DUMP_TRUNCATED: {
    exit: exitStatus.failed,
    retryable: true,
    meaning: "The tracker's dump ends in the middle, so nothing of it was taken over.",
    remedy: 'Fetch it again; if it stays so, look at the program that makes it.',
  },
  DUMP_DAMAGED: {
    exit: exitStatus.failed,
    retryable: false,
    meaning: "The tracker's dump is not in the form that Rota reads, so nothing of it was taken over.",
    remedy: 'Look at the place that is named; the form is described in docs/guides/reports.md.',
  },
  DUMP_SHRUNKEN: {
    exit: exitStatus.failed,
    retryable: false,
    meaning: "The tracker's dump holds far fewer tasks or bytes than the last one that was loaded.",
    remedy:
      'Look at why; if tasks were truly removed, load it once with --accept-shrunken or raise `phabricator.shrinkGuard`.',
  },
  TASKS_SET_ASIDE: {
    exit: exitStatus.failed,
    retryable: false,
    meaning: 'More tasks of the tracker could not be read than `phabricator.tolerance` allows.',
    remedy: 'Look at the tasks and reasons that are listed; raise the tolerance if they do not matter.',
  },
  TRACKER_UNREACHABLE: {
    exit: exitStatus.failed,
    retryable: true,
    meaning: 'The tracker, or the place of its dump, did not answer or broke off.',
    remedy: 'Try again later; look at the address and the network.',
  },
  TRACKER_REFUSED: {
    exit: exitStatus.failed,
    retryable: false,
    meaning: 'The tracker answered with an error of its own.',
    remedy: 'Look at what it says: often a token that is wrong or may not see what is asked for.',
  },
  REPORT_DATA_MISSING: {
    exit: exitStatus.failed,
    retryable: false,
    meaning: 'There is no loaded tracker to make reports from.',
    remedy: 'Load it with `rota report load`, or name a dump with --dump.',
  },
  REPORT_DATA_UNREADABLE: {
    exit: exitStatus.failed,
    retryable: false,
    meaning: "The file of the loaded tracker is damaged or of another version of Rota's.",
    remedy: 'Load the tracker again with `rota report load --complete`.',
  },
  SCOPE_CHANGED: {
    exit: exitStatus.failed,
    retryable: false,
    meaning:
      "The scope's file is not any more what it was when somebody began to edit it; nothing was written.",
    remedy: 'Begin again from what the file holds now.',
  },
  SCOPE_NOT_EDITABLE: {
    exit: exitStatus.failed,
    retryable: false,
    meaning:
      'The scope has no file that may be written here: it stands in rota.yaml, or in a checkout that follows git.',
    remedy: 'Take the patch to where the scope is kept; or give the scope a file of its own under `scopes:`.',
  },
  SCOPE_UNKNOWN: {
    exit: exitStatus.usage,
    retryable: false,
    meaning: 'There is no scope of that name.',
    remedy: 'Use a name from `scopes:` in rota.yaml, or give the path of a scope file.',
  },
  SCOPE_INVALID: {
    exit: exitStatus.usage,
    retryable: false,
    meaning: 'A scope file has faults; every one is listed with its line.',
    remedy: 'Mend what is listed.',
  },
  REPORT_SQL: {
    exit: exitStatus.usage,
    retryable: false,
    meaning: 'The database refused the query.',
    remedy: 'Look at the message; `rota report sql` without a query lists the tables.',
  },
  SCOPES_NOT_PULLED: {
    exit: exitStatus.failed,
    retryable: true,
    meaning: 'The git checkout that holds the scope files could not be brought up to date.',
    remedy: 'Look at what git says; a checkout with changes of its own must be cleaned by hand.',
  },
} as const satisfies Readonly<Record<string, CatalogueEntry>>;
