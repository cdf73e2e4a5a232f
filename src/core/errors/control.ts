import { exitStatus } from '../exit-status.ts';
import type { CatalogueEntry } from './entry.ts';

/** Failures of run control: the store, leases, the stage runner, schedules, alerts. */
export const controlErrors = {
  LEASE_LOST: {
    exit: exitStatus.failed,
    retryable: false,
    meaning:
      'This process no longer holds the lease under which it worked, so nothing it writes is accepted.',
    remedy:
      'Nothing: whoever holds the lease now goes on. If it happens often, look for stalls of the machine or its disk.',
  },
  LEASE_HELD: {
    exit: exitStatus.busy,
    retryable: true,
    meaning: 'Another process holds the lease.',
    remedy: 'Wait for it; `--force-unlock` breaks a lease whose holder no longer renews it.',
  },
  LEASE_ALIVE: {
    exit: exitStatus.busy,
    retryable: false,
    meaning: 'The lease cannot be broken, because its holder still renews it.',
    remedy: 'End or cancel the run that holds it, then try again.',
  },
  RUN_UNKNOWN: {
    exit: exitStatus.usage,
    retryable: false,
    meaning: 'There is no such run.',
    remedy: 'See `rota run list`.',
  },
  RUN_BUSY: {
    exit: exitStatus.busy,
    retryable: true,
    meaning: 'The run, or another date of the same subject, is being worked on by another process.',
    remedy: 'Wait for it; `rota status` shows how far it is.',
  },
  RUN_WAITS: {
    exit: exitStatus.busy,
    retryable: true,
    meaning: 'The run cannot start yet: it waits for a slot, another run, a pause to end or its next try.',
    remedy: 'See `rota why RUN`.',
  },
  RUN_STATE: {
    exit: exitStatus.failed,
    retryable: false,
    meaning: 'What was asked for is not possible in the state the run is in.',
    remedy: 'See `rota run show RUN`; `--force` starts an ended run anew.',
  },
  RUN_PAUSED: {
    exit: exitStatus.interrupted,
    retryable: false,
    meaning: 'The run was paused while it worked.',
    remedy: '`rota resume` lets it go on where it stopped.',
  },
  RUN_HELD: {
    exit: exitStatus.failed,
    retryable: false,
    meaning: 'A person held the run while it worked; what it made is kept, and nothing more is published.',
    remedy: '`rota run approve RUN` lets it go on where it stopped, `rota run reject RUN` ends it.',
  },
  RUN_CANCELLED: {
    exit: exitStatus.failed,
    retryable: false,
    meaning: 'The run was cancelled while it worked.',
    remedy: '`rota run resume RUN` takes it up again.',
  },
  RUN_REJECTED: {
    exit: exitStatus.failed,
    retryable: false,
    meaning: 'What the run made was held and then rejected.',
    remedy: 'Start it anew with `--force` when the cause is removed.',
  },
  RUN_HELD_TOO_LONG: {
    exit: exitStatus.failed,
    retryable: false,
    meaning: 'The run was held and nobody approved it in time.',
    remedy: 'Look at why it was held, then resume it or start it anew with `--force`.',
  },
  WORKER_STOPPING: {
    exit: exitStatus.interrupted,
    retryable: false,
    meaning: 'The process was asked to stop, so the run was given back.',
    remedy: 'Nothing: the next worker goes on where it stopped.',
  },
  VERSION_SKEW: {
    exit: exitStatus.usage,
    retryable: false,
    meaning:
      'A worker of a newer series of Rota is at work on the same store, so this one would take nothing.',
    remedy: 'Install the newer version on this host too.',
  },
  JOB_UNKNOWN: {
    exit: exitStatus.usage,
    retryable: false,
    meaning: 'There is no such job.',
    remedy: 'See the jobs in rota.yaml.',
  },
  STAGE_DEADLINE: {
    exit: exitStatus.failed,
    retryable: true,
    meaning: 'A stage took longer than its deadline allows.',
    remedy: 'Look for what it hung on; the deadline can be raised in rota.yaml.',
  },
  STAGE_NEED_UNMET: {
    exit: exitStatus.failed,
    retryable: false,
    meaning: 'A stage needs another stage that has not been finished.',
    remedy: 'Run the stage it needs first, or leave out --only.',
  },
  CHECK_FAILED: {
    exit: exitStatus.failed,
    retryable: true,
    meaning: 'A check before or after a stage failed.',
    remedy: 'Mend what the check complains of, then resume the run.',
  },
  PIECE_CONFLICT: {
    exit: exitStatus.failed,
    retryable: false,
    meaning: 'A stage cut its work into other pieces than before in the same epoch.',
    remedy: 'Start the run anew with --force.',
  },
  STORE_BUSY: {
    exit: exitStatus.busy,
    retryable: true,
    meaning: 'The run store was locked by other processes for longer than Rota waits.',
    remedy: 'Try again; look for a slow disk or a stopped process that holds the file.',
  },
  STORE_UNREADABLE: {
    exit: exitStatus.failed,
    retryable: false,
    meaning: 'The run store cannot be opened.',
    remedy: 'Check the path `store` in rota.yaml, who may read and write it and its folder.',
  },
  STORE_ON_NETWORK: {
    exit: exitStatus.usage,
    retryable: false,
    meaning: 'The SQLite run store lies on a network file system, where its locks cannot be trusted.',
    remedy: 'Put it on a local disk, or use an etcd store for many machines.',
  },
  STORE_OTHER_MACHINE: {
    exit: exitStatus.usage,
    retryable: false,
    meaning: 'The SQLite run store belongs to another machine.',
    remedy:
      'If it was moved here for good, run `rota store new-generation`; for many machines use an etcd store.',
  },
  STORE_NEWER: {
    exit: exitStatus.usage,
    retryable: false,
    meaning: 'The run store was written by a newer version of Rota.',
    remedy: 'Install that version here too.',
  },
  VALUE_TOO_LARGE: {
    exit: exitStatus.failed,
    retryable: false,
    meaning: 'A value is too large for the run store, which keeps small values only.',
    remedy: 'Write it to a file in the workspace and store the path.',
  },
  SCHEDULE_INVALID: {
    exit: exitStatus.usage,
    retryable: false,
    meaning: 'A schedule is not a cron expression, or its time zone is unknown.',
    remedy: 'Give five cron fields, such as "0 2 1,20 * *", and a zone such as Europe/Berlin.',
  },
  ALERT_FAILED: {
    exit: exitStatus.failed,
    retryable: true,
    meaning: 'An alert could not be delivered.',
    remedy: 'Check the webhook or the mail program; the monitor tries again.',
  },
} as const satisfies Readonly<Record<string, CatalogueEntry>>;
