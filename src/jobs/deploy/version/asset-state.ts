import { createHash } from 'node:crypto';
import { RotaError } from '../../../core/errors/rota-error.ts';
import type { VersionRepository } from './version-repository.ts';

/** The static files of a version. */
export interface AssetState {
  /** The same files have the same. */
  readonly hash: string;
  /** The time of the first version with these files here, in seconds since 1970. */
  readonly seconds: number;
}

/** @throws RotaError SOURCE_UNFIT where a path is not in the version */
export async function assetStateOf(
  repository: VersionRepository,
  commit: string,
  paths: readonly string[],
): Promise<AssetState> {
  const listing = await listingOf(repository, commit, paths);
  for (const path of paths) {
    if (listing.includes(`\t${path}\0`)) continue;
    throw new RotaError('SOURCE_UNFIT', `assets names ${path}, which is not in the version`);
  }
  let oldest = commit;
  for (const version of await repository.versions()) {
    // Newest first: as far back as the files were the same.
    if (version.commit === commit) continue;
    if (!(await listingOf(repository, version.commit, paths)).equals(listing)) break;
    oldest = version.commit;
  }
  const seconds = Number((await repository.git(['log', '-1', '--format=%ct', oldest])).toString());
  return { hash: createHash('sha256').update(listing).digest('hex').slice(0, 16), seconds };
}

async function listingOf(
  repository: VersionRepository,
  commit: string,
  paths: readonly string[],
): Promise<Buffer> {
  return await repository.git(['ls-tree', '-z', '--full-tree', commit, '--', ...paths]);
}
