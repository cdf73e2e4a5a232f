import { catalogue, type ErrorCode } from '../../core/errors/catalogue.ts';
import { isFullDisk } from '../../core/errors/is-full-disk.ts';
import { RotaError } from '../../core/errors/rota-error.ts';
import type { ThreadFailure } from './messages.ts';

/** An error as plain data: class and code would be lost on the way between threads. */
export function packFailure(error: unknown): ThreadFailure {
  if (error instanceof RotaError) {
    return { code: error.code, message: error.message, stack: error.stack ?? null, facts: error.facts };
  }
  const message = error instanceof Error ? error.message : String(error);
  if (isFullDisk(error)) {
    // Tried again once there is room; the thread's stack says nothing of use.
    const full = `the disk is full (${message}): make room, the run resumes`;
    return { code: 'DISK_FULL', message: full, stack: null, facts: {} };
  }
  return { code: null, message, stack: (error instanceof Error && error.stack) || null, facts: {} };
}

export function unpackFailure(failure: ThreadFailure): RotaError {
  const code = failure.code !== null && failure.code in catalogue ? (failure.code as ErrorCode) : 'INTERNAL';
  const cause = new Error(failure.message);
  if (failure.stack !== null) cause.stack = failure.stack;
  const message = code === 'INTERNAL' ? `a rendering thread failed: ${failure.message}` : failure.message;
  return new RotaError(code, message, { cause, facts: failure.facts });
}
