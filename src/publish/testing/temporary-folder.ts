import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Tree, type Trees } from '../workspace/tree.ts';

export interface TemporaryFolder extends AsyncDisposable {
  readonly path: string;
}

/** A folder of a test, removed when its block is left. */
export async function temporaryFolder(): Promise<TemporaryFolder> {
  const path = await mkdtemp(join(tmpdir(), 'rota-publish-'));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}

/** Both trees with their work folders below one folder. */
export async function treesIn(folder: string): Promise<Trees> {
  const trees = {
    public: new Tree({ root: join(folder, 'public'), audience: 'public' }),
    private: new Tree({ root: join(folder, 'private'), audience: 'private' }),
  };
  await trees.public.prepare();
  await trees.private.prepare();
  return trees;
}
