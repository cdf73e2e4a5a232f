import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface TemporaryFolder extends AsyncDisposable {
  readonly path: string;
  /** The path of an entry of the folder. */
  in(...names: readonly string[]): string;
}

/** A new folder below the system's temporary one (or below `parent`), removed when it is disposed of. */
export async function temporaryFolder(label = 'test', parent = tmpdir()): Promise<TemporaryFolder> {
  const path = await mkdtemp(join(parent, `rota-${label}-`));
  return {
    path,
    in: (...names) => join(path, ...names),
    [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true, maxRetries: 3 }),
  };
}
