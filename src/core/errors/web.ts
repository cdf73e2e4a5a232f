import { exitStatus } from '../exit-status.ts';
import type { CatalogueEntry } from './entry.ts';

/** Failures of the web interface and its tokens. */
export const webErrors = {
  TOKEN_EXISTS: {
    exit: exitStatus.usage,
    retryable: false,
    meaning: 'The name has an access token already: a token is never told twice.',
    remedy: 'Take the old one away with rota token revoke NAME, then add a new one.',
  },
  TOKEN_UNKNOWN: {
    exit: exitStatus.usage,
    retryable: false,
    meaning: 'There is no valid access token of that name.',
    remedy: 'See the names with rota token list.',
  },
  WEB_ADDRESS_TAKEN: {
    exit: exitStatus.failed,
    retryable: false,
    meaning:
      'The address that the web interface is to listen at is in use, or not of this machine, or not allowed.',
    remedy: 'Give another with --listen HOST:PORT (port 0: a free one), or end the other program.',
  },
  WEB_OPEN_TO_ALL: {
    exit: exitStatus.usage,
    retryable: false,
    meaning: "The operators' pages were to be served beyond this machine, and nobody has a token.",
    remedy: 'Make one with rota token add NAME, or serve the public face with rota serve --public.',
  },
} as const satisfies Readonly<Record<string, CatalogueEntry>>;
