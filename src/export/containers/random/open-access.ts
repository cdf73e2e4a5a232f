import { isRotaError } from '../../../core/errors/rota-error.ts';
import type { Container } from '../read/container.ts';
import type { BlockAccess } from './block-access.ts';
import { Bz2Access } from './bz2-access.ts';
import { FrameAccess } from './frame-access.ts';
import { PlainAccess } from './plain-access.ts';

/** Null where a file can only be read from its start: gz, 7z, zst without a seek table. */
export async function openAccess(container: Pick<Container, 'path' | 'format'>): Promise<BlockAccess | null> {
  switch (container.format) {
    case 'bz2':
      return Bz2Access.open(container.path);
    case 'plain':
      return PlainAccess.open(container.path);
    case 'zst':
      return FrameAccess.open(container.path).catch((error: unknown) => {
        if (isRotaError(error, 'SEEK_TABLE_INVALID')) return null;
        throw error;
      });
    default:
      return null;
  }
}
