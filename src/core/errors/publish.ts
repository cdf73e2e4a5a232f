import { exitStatus } from '../exit-status.ts';
import type { CatalogueEntry } from './entry.ts';

/** Failures of workspaces, publication, status files and retention. */
export const publishErrors = {
  WORKSPACE_MISPLACED: {
    exit: exitStatus.usage,
    retryable: false,
    meaning: 'The work folder lies inside a published tree, or on another file system than its tree.',
    remedy:
      'Put output.work beside the tree on the same file system; publishing is a rename, which cannot cross file systems.',
  },
  FILE_UNWRITABLE: {
    exit: exitStatus.failed,
    retryable: false,
    meaning: 'A file or folder could not be written, renamed or removed.',
    remedy: 'Check that the folder exists and who may write to it; `rota doctor` tests both trees.',
  },
  CHECKSUM_MISMATCH: {
    exit: exitStatus.failed,
    retryable: true,
    meaning: 'A committed file does not have the size or the SHA-256 that was recorded when it was written.',
    remedy: 'Check the disk or the shared file system; resuming the run makes the piece again.',
  },
  UNSAFE_FILE_NAME: {
    exit: exitStatus.failed,
    retryable: false,
    meaning: 'A name cannot be the name of a published file, a wiki or a date.',
    remedy: 'Names hold letters, digits, ".", "-" and "_", and begin with a letter or digit.',
  },
  PUBLISHED_FILE_DIFFERS: {
    exit: exitStatus.failed,
    retryable: false,
    meaning: 'A file of this name with other content is already published; a published file never changes.',
    remedy: 'Find out who wrote it; move it away by hand, or dump under another date.',
  },
  PUBLICATION_CONFLICT: {
    exit: exitStatus.failed,
    retryable: false,
    meaning: 'This set of the date is already published with other files.',
    remedy: 'Dump under another date, or withdraw the published one first (`rota dump withdraw`).',
  },
  PUBLICATION_INCOMPLETE: {
    exit: exitStatus.failed,
    retryable: false,
    meaning: 'A file that the store says is published is neither in the tree nor in its workspace.',
    remedy: 'Check the disk, then withdraw the date or bring the file back from a mirror.',
  },
  PRIVATE_IN_PUBLIC: {
    exit: exitStatus.failed,
    retryable: false,
    meaning: 'A file of a private wiki was about to enter the public tree; nothing was published.',
    remedy: 'Report this with --verbose: it is a fault in Rota itself.',
  },
  SIGNING_FAILED: {
    exit: exitStatus.failed,
    retryable: false,
    meaning: 'The manifest could not be signed with the configured key.',
    remedy: 'Try `ssh-keygen -Y sign` with the key by hand; it must be readable and without a passphrase.',
  },
} as const satisfies Readonly<Record<string, CatalogueEntry>>;
