import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '../../core/clock.ts';
import type { RunId } from '../../core/ids.ts';
import { systemCode, writing } from '../files/file-failure.ts';
import type { Tree } from './tree.ts';
import { parseWorkspaceName } from './workspace.ts';

export interface DeadWorkspaceRule {
  readonly clock: Clock;
  /** True while the run may still need this epoch's work: unfinished, held, or published but not yet followed. */
  readonly isNeeded: (run: RunId, epoch: number) => Promise<boolean>;
  /** Nothing was written for so long; default 24 h. */
  readonly idleMs?: number;
}

const dayMs = 24 * 3_600_000;

/** Removes workspaces that nobody needs and nobody has written to for a day; gives the names of the removed. */
export async function removeDeadWorkspaces(tree: Tree, rule: DeadWorkspaceRule): Promise<readonly string[]> {
  const removed: string[] = [];
  const deadlineMs = rule.clock.now().getTime() - (rule.idleMs ?? dayMs);
  for (const name of await names(tree.workRoot)) {
    const workspace = parseWorkspaceName(name);
    // What is no workspace was put there by somebody else and is theirs to remove.
    if (workspace === null) continue;
    const folder = join(tree.workRoot, name);
    if ((await lastWrittenMs(folder, 3)) > deadlineMs) continue;
    if (await rule.isNeeded(workspace.run, workspace.epoch)) continue;
    await writing('remove the dead workspace', folder, () =>
      rm(folder, { recursive: true, force: true, maxRetries: 3 }),
    );
    removed.push(name);
  }
  return removed;
}

/** The newest change of a folder or of what lies in it, `depth` levels deep. A folder that vanished counts as old. */
async function lastWrittenMs(path: string, depth: number): Promise<number> {
  let newest: number;
  let isFolder: boolean;
  try {
    const found = await stat(path);
    newest = found.mtimeMs;
    isFolder = found.isDirectory();
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return 0;
    throw error;
  }
  if (!isFolder || depth === 0) return newest;
  for (const name of await names(path)) {
    newest = Math.max(newest, await lastWrittenMs(join(path, name), depth - 1));
  }
  return newest;
}

async function names(folder: string): Promise<readonly string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (systemCode(error) === 'ENOENT' || systemCode(error) === 'ENOTDIR') return [];
    throw error;
  }
}
