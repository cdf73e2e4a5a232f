import { isFullDisk } from '../../core/errors/is-full-disk.ts';
import { RotaError } from '../../core/errors/rota-error.ts';
import type { OutputStream } from '../io.ts';
import { printable } from './table.ts';

/** `rota: CODE: sentence`, and with --verbose what led to it. */
export function printError(stderr: OutputStream, error: RotaError, verbose: boolean): void {
  const lines = [`rota: ${error.code}: ${error.message}`];
  if (verbose) lines.push(...causes(error));
  else if (error.code === 'INTERNAL') lines.push('(--verbose tells where)');
  stderr.write(
    `${lines
      .flatMap((line) => line.split('\n'))
      .map(printable)
      .join('\n')}\n`,
  );
}

/** Whatever was thrown, as a failure with a code. */
export function asRotaError(error: unknown, signal: AbortSignal): RotaError {
  // A command that stops because it was told to may throw the signal's reason or an AbortError of some library.
  if (signal.aborted && !(error instanceof RotaError) && isAbort(error)) return interrupted(signal, error);
  if (error instanceof RotaError) return error;
  const message = error instanceof Error ? error.message : String(error);
  if (isFullDisk(error)) {
    return new RotaError('DISK_FULL', `the disk is full: ${message}; make room and run again`, {
      cause: error,
    });
  }
  return new RotaError('INTERNAL', message, { cause: error });
}

function isAbort(error: unknown): boolean {
  return error instanceof Error && (error.name === 'AbortError' || error.name === 'CancelError');
}

function interrupted(signal: AbortSignal, cause: unknown): RotaError {
  return signal.reason instanceof RotaError
    ? signal.reason
    : new RotaError('INTERRUPTED', 'stopped before the end; run it again to go on', { cause });
}

function causes(error: RotaError): readonly string[] {
  const lines: string[] = [];
  let cause: unknown = error.cause;
  for (let depth = 0; cause !== undefined && depth < 10; depth++) {
    if (!(cause instanceof Error)) {
      lines.push(`  caused by: ${String(cause)}`);
      break;
    }
    lines.push(`  caused by: ${cause.stack ?? cause.message}`);
    cause = cause.cause;
  }
  if (lines.length === 0 && error.stack !== undefined) lines.push(error.stack);
  return lines;
}
