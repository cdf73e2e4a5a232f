import { randomBytes } from 'node:crypto';
import { mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { backup, DatabaseSync } from 'node:sqlite';
import { RotaError } from '../../../../core/errors/rota-error.ts';
import type { SqliteAddress } from '../../../../mediawiki/database/database-address.ts';
import { sqliteError } from '../../../../mediawiki/database/sqlite/errors.ts';
import { writeFileAtomic } from '../../../../publish/files/durable.ts';
import { systemCode } from '../../../../publish/files/file-failure.ts';

/** A copy of a wiki's database file that only this run reads: all its tables are of one moment. */
export interface PrivateCopy {
  readonly file: string;
  readonly takenAt: Date;
}

/** How long the copy waits for a writer. */
const busyTimeoutMs = 10_000;
const noteName = 'copy.json';

/**
 * The run's copy in `folder`, made when there is none: by SQLite's backup, since whoever reads the wiki's own file keeps
 * its writer out. One that was cut short is not found: the note is written last.
 * @throws RotaError DATABASE_UNREACHABLE, QUERY_INTERRUPTED, DISK_FULL …
 */
export async function makePrivateCopy(
  address: SqliteAddress,
  options: { readonly folder: string; readonly now: () => Date; readonly signal: AbortSignal },
): Promise<PrivateCopy> {
  const { folder, signal } = options;
  const present = await readNote(folder);
  if (present !== null) return present;
  // A name of its own: a stalled predecessor may still be writing.
  const name = `wiki-${randomBytes(4).toString('hex')}.sqlite`;
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const takenAt = options.now();
  try {
    const source = new DatabaseSync(address.file, { readOnly: true, timeout: busyTimeoutMs });
    try {
      // Small steps: between two of them the wiki's writer gets its turn (the copy then starts over by itself).
      await backup(source, join(folder, name), { rate: 2000 });
    } finally {
      source.close();
    }
  } catch (error) {
    await rm(join(folder, name), { force: true });
    throw sqliteError(error, address);
  }
  signal.throwIfAborted();
  await writeFileAtomic(join(folder, noteName), JSON.stringify({ name, takenAt }), { mode: 0o600 });
  return { file: join(folder, name), takenAt };
}

/** @throws RotaError TABLE_DUMP_INTERRUPTED where there is none */
export async function findPrivateCopy(folder: string): Promise<PrivateCopy> {
  const copy = await readNote(folder);
  if (copy !== null) return copy;
  throw new RotaError(
    'TABLE_DUMP_INTERRUPTED',
    `The run's copy of the wiki's database is not in ${folder}; resume the run: it is made again.`,
  );
}

async function readNote(folder: string): Promise<PrivateCopy | null> {
  try {
    const note = JSON.parse(await readFile(join(folder, noteName), 'utf8')) as {
      readonly name: string;
      readonly takenAt: string;
    };
    return { file: join(folder, note.name), takenAt: new Date(note.takenAt) };
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return null;
    throw error;
  }
}
