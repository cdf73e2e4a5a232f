import { open } from 'node:fs/promises';
import { RotaError } from '../../../../core/errors/rota-error.ts';

/**
 * A dump that lies ready: its bytes, and when it was written.
 * @throws RotaError TRACKER_UNREACHABLE where it cannot be read, or is empty: it may still come
 */
export async function lookAtDumpFile(file: string): Promise<{ readonly bytes: number; readonly at: Date }> {
  try {
    await using handle = await open(file);
    const { bytesRead } = await handle.read(Buffer.alloc(1), 0, 1, 0);
    if (bytesRead === 0) throw new Error('it is empty');
    const { size, mtime } = await handle.stat();
    return { bytes: size, at: mtime };
  } catch (cause) {
    const why = (cause as Error).message;
    throw new RotaError('TRACKER_UNREACHABLE', `The dump ${file} cannot be read: ${why}`, { cause });
  }
}
