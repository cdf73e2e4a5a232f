import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

export interface TemporaryFolder extends AsyncDisposable {
  readonly path: string;
  /** The path of an entry of the folder. */
  in(...names: readonly string[]): string;
}

/**
 * A new folder, removed when it is disposed of. Under `npm test` it stands in the run's own folder, which goes at the end
 * of the run even if the test was killed.
 */
export async function temporaryFolder(label = 'test'): Promise<TemporaryFolder> {
  const bed = process.env.ROTA_TEST_BED;
  const parent = bed === undefined ? tmpdir() : dirname(bed);
  const path = await mkdtemp(join(parent, `rota-${label}-`));
  return {
    path,
    in: (...names) => join(path, ...names),
    // A process that is just ending may still be making files: ten tries take five and a half seconds.
    [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true, maxRetries: 10 }),
  };
}
