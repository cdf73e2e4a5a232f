import { catalogue, type ErrorCode } from '../core/errors/catalogue.ts';
import { isFullDisk } from '../core/errors/is-full-disk.ts';
import { RotaError } from '../core/errors/rota-error.ts';
import type { Failure } from './store/run-view.ts';

/**
 * The one place where what a stage throws becomes a failure with a code: whether it is tried again is then the
 * catalogue's word.
 */
export function classifyError(error: unknown, where: string): RotaError {
  if (error instanceof RotaError) return error;
  const message = error instanceof Error ? error.message : String(error);
  if (isFullDisk(error)) {
    return new RotaError(
      'DISK_FULL',
      `The disk is full in ${where} (${message}): make room, the run resumes`,
      {
        cause: error,
      },
    );
  }
  return new RotaError('INTERNAL', `${where} failed unexpectedly: ${message}`, { cause: error });
}

export function toFailure(error: RotaError): Failure {
  return { code: error.code, message: error.message };
}

/** A kept failure as an error again, so that its code decides as it did when it happened. */
export function fromFailure(
  failure: Failure,
  where: string,
  facts: Readonly<Record<string, unknown>>,
): RotaError {
  const code: ErrorCode = failure.code in catalogue ? (failure.code as ErrorCode) : 'INTERNAL';
  return new RotaError(code, `${where}: ${failure.message}`, { facts });
}
