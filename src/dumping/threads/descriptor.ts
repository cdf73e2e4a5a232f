import { writeSync } from 'node:fs';
import { RotaError } from '../../core/errors/rota-error.ts';

const pause = new Int32Array(new SharedArrayBuffer(4));

/**
 * Writes all bytes to a descriptor, waiting where a pipe is full: a piped standard output may be non-blocking, and
 * then writeSync throws EAGAIN. Blocks the calling thread, which is the back-pressure that is wanted here.
 * @throws RotaError OUTPUT_CLOSED, DISK_FULL, OUTPUT_UNWRITABLE
 */
export function writeFully(descriptor: number, bytes: Uint8Array): void {
  let waitMs = 1;
  for (let done = 0; done < bytes.length; ) {
    try {
      done += writeSync(descriptor, bytes, done, bytes.length - done);
      waitMs = 1;
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code;
      if (code !== 'EAGAIN') throw outputFailure(error);
      Atomics.wait(pause, 0, 0, waitMs);
      waitMs = Math.min(waitMs * 2, 20);
    }
  }
}

export function outputFailure(error: unknown): RotaError {
  const code = (error as NodeJS.ErrnoException).code;
  const message = error instanceof Error ? error.message : String(error);
  if (code === 'EPIPE') {
    return new RotaError('OUTPUT_CLOSED', 'the reader of the output closed it before the end', {
      cause: error,
    });
  }
  if (code === 'ENOSPC' || code === 'EDQUOT' || code === 'EFBIG') {
    return new RotaError('DISK_FULL', `the output cannot be written (${code}): make room and run it again`, {
      cause: error,
    });
  }
  return new RotaError('OUTPUT_UNWRITABLE', `the output cannot be written: ${message}`, { cause: error });
}
