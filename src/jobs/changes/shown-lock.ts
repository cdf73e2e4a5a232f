import { rm } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { makeFolder, writeFileAtomic } from '../../publish/files/durable.ts';
import type { Tree } from '../../publish/workspace/tree.ts';
import type { ChangesContext } from './services.ts';

export const lockKinds = ['maxrevid', 'incrdump'] as const;
export type LockKind = (typeof lockKinds)[number];

export function lockFile(tree: Tree, wiki: string, date: string, kind: LockKind): string {
  return join(tree.dateFolder(wiki, date), `${wiki}-${date}-${kind}.lock`);
}

/**
 * Shows in the day's folder that somebody is at it, as the field's scripts do. Nothing is decided by this file: the
 * lease in the store is the lock, and it ends by itself.
 */
export async function showLock(context: ChangesContext, kind: LockKind): Promise<AsyncDisposable> {
  const tree = context.services.trees.public;
  const { subject, date } = context.run;
  await makeFolder(tree.dateFolder(subject, date), tree.folderMode);
  const path = lockFile(tree, subject, date, kind);
  await writeFileAtomic(path, `${hostname()} ${process.pid}`, { mode: tree.fileMode });
  return { [Symbol.asyncDispose]: () => rm(path, { force: true }) };
}
