import { exitStatus } from '../exit-status.ts';
import type { CatalogueEntry } from './entry.ts';

/** Failures that belong to no room in particular. */
export const generalErrors = {
  INTERNAL: {
    exit: exitStatus.failed,
    retryable: false,
    meaning: 'A fault in Rota itself.',
    remedy: 'Run again with --verbose and report what it prints.',
  },
  INTERRUPTED: {
    exit: exitStatus.interrupted,
    retryable: false,
    meaning: 'The command was asked to stop (Ctrl-C or a signal).',
    remedy: 'Run it again: what was finished is kept.',
  },
  USAGE: {
    exit: exitStatus.usage,
    retryable: false,
    meaning: 'The command line is not understood.',
    remedy: 'See the command with --help.',
  },
  DISK_FULL: {
    exit: exitStatus.failed,
    retryable: true,
    meaning: 'A file could not be written because the disk (or quota) is full.',
    remedy: 'Make room; the run resumes where it stopped.',
  },
  FILE_UNREADABLE: {
    exit: exitStatus.failed,
    retryable: false,
    meaning: 'A file could not be read.',
    remedy: 'Check that it exists and who may read it.',
  },
  PROGRAM_MISSING: {
    exit: exitStatus.failed,
    retryable: false,
    meaning: 'A program that this needs is not installed.',
    remedy: 'Install it; `rota doctor` names the package.',
  },
} as const satisfies Readonly<Record<string, CatalogueEntry>>;
