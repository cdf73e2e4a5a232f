import { isFullDisk } from '../../core/errors/is-full-disk.ts';
import { isRotaError, RotaError } from '../../core/errors/rota-error.ts';

/** The system's code of a failed file operation (`ENOENT` …), or undefined for anything else. */
export function systemCode(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}

/**
 * The failure of writing, renaming or removing `path`, in Rota's words. `doing` completes "Cannot … <path>".
 * A RotaError stays itself.
 */
export function writeFailure(error: unknown, doing: string, path: string): RotaError {
  if (isRotaError(error)) return error;
  const code = systemCode(error);
  const facts = { path, systemCode: code };
  if (isFullDisk(error)) {
    const full = code === 'ENOSPC' ? 'the disk is full' : 'the quota is used up';
    return new RotaError(
      'DISK_FULL',
      `Cannot ${doing} ${path}: ${full}; make room there (lower jobs.full-dump.keep, or remove old dates), then resume the run`,
      { cause: error, facts },
    );
  }
  const reason = error instanceof Error ? error.message : String(error);
  return new RotaError(
    'FILE_UNWRITABLE',
    `Cannot ${doing} ${path} (${reason}); check the folder and who may write to it`,
    { cause: error, facts },
  );
}

/** Runs a file operation and puts its failure into Rota's words. */
export async function writing<T>(doing: string, path: string, operation: () => Promise<T>): Promise<T> {
  try {
    return await operation();
  } catch (error) {
    throw writeFailure(error, doing, path);
  }
}
