import type { VersionRepository } from './version-repository.ts';

/** The bytes of all files of a version that its base (null: nothing) does not have at the same path. */
export async function changedBytes(
  repository: VersionRepository,
  base: string | null,
  commit: string,
): Promise<number> {
  const changed = await repository.git([
    'diff-tree',
    '-r',
    '-z',
    '--no-renames',
    '--diff-filter=d',
    base ?? repository.emptyTree,
    commit,
  ]);
  const blobs = changed
    .toString('latin1')
    .split('\0')
    .filter((field) => field.startsWith(':'))
    .map((field) => `${field.split(' ')[3]}\n`);
  const sizes = await repository.git(['cat-file', '--batch-check=%(objectsize)'], { input: blobs.join('') });
  return sizes
    .toString()
    .split('\n')
    .reduce((sum, size) => sum + Number(size), 0);
}
