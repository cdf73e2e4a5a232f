import { exitStatus } from '../exit-status.ts';
import type { CatalogueEntry } from './entry.ts';

/** Failures of a run store that many machines share. */
export const storeErrors = {
  STORE_UNAVAILABLE: {
    exit: exitStatus.failed,
    retryable: true,
    meaning:
      'No endpoint of etcd answered, or its members have no quorum. Work stops and nothing is published meanwhile.',
    remedy: 'Bring back more than half of the members; workers go on by themselves.',
  },
  STORE_REFUSED: {
    exit: exitStatus.usage,
    retryable: false,
    meaning: 'etcd does not let this user in, or not at the keys of the run store.',
    remedy: 'Check `store.user` and its password, and that its role may read and write the prefix.',
  },
  STORE_FULL: {
    exit: exitStatus.failed,
    retryable: true,
    meaning: 'etcd has used up its space (alarm NOSPACE) and takes no more writes.',
    remedy:
      'Compact (or switch on `--auto-compaction-retention`), defragment every member with `etcdctl defrag`, then `etcdctl alarm disarm`; prune more often or raise `--quota-backend-bytes`.',
  },
  STORE_MOVED: {
    exit: exitStatus.usage,
    retryable: false,
    meaning: 'What this SQLite file held has been moved to another store.',
    remedy: 'Name the new store in rota.yaml. `rota store new-generation` takes the file up again.',
  },
  STORE_IN_USE: {
    exit: exitStatus.usage,
    retryable: false,
    meaning: 'The place in etcd to which a store is to be moved holds one already.',
    remedy: 'Take another `store.prefix`, or remove what is there.',
  },
} as const satisfies Readonly<Record<string, CatalogueEntry>>;
