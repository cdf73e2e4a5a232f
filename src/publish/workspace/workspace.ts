import { randomBytes } from 'node:crypto';
import { chmod, rm } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import { RotaError } from '../../core/errors/rota-error.ts';
import type { RunId } from '../../core/ids.ts';
import { makeFolder, syncFolder } from '../files/durable.ts';
import { writing } from '../files/file-failure.ts';
import { isInside, type Tree } from './tree.ts';

const safePart = /^[A-Za-z0-9_.-]{1,120}$/;

/**
 * The private folder of one epoch of a run, beside the tree that its files will enter. Every attempt at a piece writes
 * in a folder of its own, so that a stalled worker that wakes up cannot touch what its successor wrote.
 */
export class Workspace {
  readonly folder: string;
  readonly #tree: Tree;

  private constructor(tree: Tree, folder: string) {
    this.#tree = tree;
    this.folder = folder;
  }

  /** Makes the folder where it is missing; opening it again resumes the work in it. `tree.prepare()` comes first. */
  static async open(tree: Tree, run: RunId, epoch: number): Promise<Workspace> {
    const folder = join(tree.workRoot, workspaceName(run, epoch));
    await makeFolder(folder, 0o700);
    // The umask of an older process may have left it wider than it should be.
    await writing('set the mode of', folder, () => chmod(folder, 0o700));
    return new Workspace(tree, folder);
  }

  /** A new, empty folder for one attempt at a piece: `p<piece>.<token>-<nonce>`. */
  async openPiece(piece: string | number, token: string | number): Promise<string> {
    const nonce = randomBytes(4).toString('hex');
    const folder = join(this.folder, `p${part(piece)}.${part(token)}-${nonce}`);
    await makeFolder(folder, 0o700);
    return folder;
  }

  /** The path as it is committed to the store: relative to the tree's work folder, so that mount points may differ. */
  committedPath(path: string): string {
    const absolute = resolve(path);
    if (!isInside(absolute, this.folder) || absolute === this.folder) throw outside(path, this.folder);
    return relative(this.#tree.workRoot, absolute);
  }

  /** Makes the names of a finished folder durable (the files were synced when they were closed). */
  async sync(folder: string): Promise<void> {
    await syncFolder(folder);
    await syncFolder(this.folder);
  }

  async remove(): Promise<void> {
    await writing('remove', this.folder, () =>
      rm(this.folder, { recursive: true, force: true, maxRetries: 3 }),
    );
  }
}

/** Where a committed path lies on this machine; one that leaves the work folder is refused. */
export function workPath(tree: Tree, committed: string): string {
  const path = resolve(tree.workRoot, committed);
  if (!isInside(path, tree.workRoot) || path === tree.workRoot) throw outside(committed, tree.workRoot);
  return path;
}

/** `full-dump/frwiki/20261122`, 3 → `full-dump~frwiki~20261122.3`: ids hold no `~`. */
export function workspaceName(run: RunId, epoch: number): string {
  return `${run.replaceAll('/', '~')}.${epoch}`;
}

/** The run and epoch of a workspace's folder; null for a folder that is none. */
export function parseWorkspaceName(name: string): { readonly run: RunId; readonly epoch: number } | null {
  const match = /^([^~]+~[^~]+~[^~]+)\.(\d+)$/.exec(name);
  const [, run, epoch] = match ?? [];
  if (run === undefined || epoch === undefined) return null;
  return { run: run.replaceAll('~', '/') as RunId, epoch: Number(epoch) };
}

function part(value: string | number): string {
  const text = String(value);
  if (safePart.test(text)) return text;
  throw new RotaError('UNSAFE_FILE_NAME', `${JSON.stringify(text)} cannot name a piece or a token in a path`);
}

function outside(path: string, folder: string): RotaError {
  return new RotaError('UNSAFE_FILE_NAME', `${JSON.stringify(path)} lies outside the work folder ${folder}`);
}
