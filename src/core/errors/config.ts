import { exitStatus } from '../exit-status.ts';
import type { CatalogueEntry } from './entry.ts';

/** Failures of rota.yaml and what it names. */
export const configErrors = {
  CONFIG_NOT_FOUND: {
    exit: exitStatus.usage,
    retryable: false,
    meaning: 'There is no rota.yaml in this folder or above, and neither --config nor ROTA_CONFIG names one.',
    remedy: 'Go to the folder of the farm, name the file with --config, or make one with `rota init`.',
  },
  CONFIG_INVALID: {
    exit: exitStatus.usage,
    retryable: false,
    meaning: 'rota.yaml has faults; every one is listed with file, line and column, and nothing was done.',
    remedy: 'Mend what is listed and look again with `rota config check`.',
  },
  CONFIG_EXISTS: {
    exit: exitStatus.usage,
    retryable: false,
    meaning: '`rota init` found a file where it should write one; it never overwrites.',
    remedy: 'Edit that file, move it away, or name another with --config.',
  },
  WIKI_UNKNOWN: {
    exit: exitStatus.usage,
    retryable: false,
    meaning: 'rota.yaml describes no wiki of that name.',
    remedy: 'Use a name from `wikis:` in rota.yaml, or add the wiki there.',
  },
} as const satisfies Readonly<Record<string, CatalogueEntry>>;
