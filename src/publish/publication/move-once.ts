import { RotaError } from '../../core/errors/rota-error.ts';
import { digestFile } from '../files/copy-verified.ts';
import type { FileDigest } from '../files/file-digest.ts';
import { systemCode, writeFailure } from '../files/file-failure.ts';
import type { PublishingFileSystem } from './publishing-file-system.ts';

export interface Move {
  readonly from: string;
  readonly to: string;
  readonly digest: FileDigest;
  readonly mode: number;
  /**
   * Whether a file that is already there, with its source gone, is read and hashed (`hash`) or believed when its size
   * is right (`size`: the monitor passes many times a minute, and only a move of ours gives a file this name).
   */
  readonly proof: 'hash' | 'size';
  /** SHA-256 of contents that the file takes the place of, where they are there: it was redacted. */
  readonly replaces?: readonly string[];
}

/** Hard links are missing there (FAT, some network shares), or not allowed to this user. */
const noLinks = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK', 'EACCES']);

/**
 * Gives a finished file its published name, once; what is there already is left alone, but for what it replaces. `rename` would replace silently, so the new name is made by `link`,
 * which refuses, and the old one removed after it. Repeating it after a crash at any point ends in the same state.
 * `already`: the file was there with this content.
 */
export async function moveOnce(fs: PublishingFileSystem, move: Move): Promise<'moved' | 'already'> {
  try {
    // Before the name is public: afterwards readers could meet it with the wrong mode.
    await fs.chmod(move.from, move.mode);
    await fs.link(move.from, move.to);
  } catch (error) {
    const code = systemCode(error) ?? '';
    if (code === 'EEXIST') return await settle(fs, move);
    // Also the answer to a request that NFS sent twice: the first one did it.
    if (code === 'ENOENT') return await confirm(fs, move, error);
    if (noLinks.has(code)) return await renameUnlessThere(fs, move);
    throw writeFailure(error, 'publish', move.to);
  }
  await dropSource(fs, move.from);
  return 'moved';
}

/** Both names are there: one file with two names (a crash in between), or two files that must be equal. */
async function settle(fs: PublishingFileSystem, move: Move): Promise<'moved' | 'already'> {
  const there = await statOrNull(fs, move.to);
  const source = await statOrNull(fs, move.from);
  const same = there !== null && source !== null && there.dev === source.dev && there.ino === source.ino;
  if (!same && source !== null && (await isReplaced(move))) {
    // Readers have the old file or the new one; who reads it just now reads the old one to its end.
    await fs.rename(move.from, move.to);
    return 'moved';
  }
  if (!same) await assertContent(move, there?.size ?? null, 'hash');
  await dropSource(fs, move.from);
  return 'already';
}

/** The source is gone. */
async function confirm(fs: PublishingFileSystem, move: Move, cause: unknown): Promise<'already'> {
  const there = await statOrNull(fs, move.to);
  if (there === null) {
    throw new RotaError(
      'PUBLICATION_INCOMPLETE',
      `${move.to} is published by the store, but neither it nor ${move.from} exists; check the disk, then withdraw the date or bring the file back`,
      { cause, facts: { from: move.from, to: move.to } },
    );
  }
  await assertContent(move, there.size, move.proof);
  return 'already';
}

async function renameUnlessThere(fs: PublishingFileSystem, move: Move): Promise<'moved' | 'already'> {
  if ((await statOrNull(fs, move.to)) !== null) return await settle(fs, move);
  try {
    await fs.rename(move.from, move.to);
    return 'moved';
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return await confirm(fs, move, error);
    throw writeFailure(error, 'publish', move.to);
  }
}

async function isReplaced({ to, replaces = [], digest }: Move): Promise<boolean> {
  if (replaces.length === 0) return false;
  const { sha256 } = await digestFile(to);
  return sha256 !== digest.sha256 && replaces.includes(sha256);
}

async function assertContent(move: Move, sizeBytes: number | null, proof: Move['proof']): Promise<void> {
  if (sizeBytes === move.digest.sizeBytes) {
    if (proof === 'size') return;
    if ((await digestFile(move.to)).sha256 === move.digest.sha256) return;
  }
  throw new RotaError(
    'PUBLISHED_FILE_DIFFERS',
    `${move.to} is already published with other content; it was left as it is: move it away, or dump under another date`,
    { facts: { path: move.to, expected: move.digest.sha256 } },
  );
}

async function dropSource(fs: PublishingFileSystem, path: string): Promise<void> {
  try {
    await fs.unlink(path);
  } catch (error) {
    if (systemCode(error) !== 'ENOENT') throw writeFailure(error, 'remove', path);
  }
}

async function statOrNull(fs: PublishingFileSystem, path: string) {
  try {
    return await fs.stat(path);
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return null;
    throw error;
  }
}
