import { hostname } from 'node:os';
import type { EnvironmentConfig } from '../../../config/environment-config.ts';
import { RotaError } from '../../../core/errors/rota-error.ts';
import { checkFiles } from './check-files.ts';
import { pathMatcher } from './path-pattern.ts';
import { type Version, versionName } from './version.ts';
import type { VersionRepository } from './version-repository.ts';
import { missingSubmodules, shown, type TreeWalk, walkTree } from './walk-tree.ts';

export interface BuiltVersion extends Version {
  /** Whether an earlier version is the same to the byte: that one is used. */
  readonly reused: boolean;
  readonly files: number;
  readonly emptyFolders: readonly string[];
}

/** A tree that changes all the time is no version. */
const tries = 3;

/**
 * Makes a version of the staging tree as it is now, at a cost that grows with what changed: git compares stat data with
 * its index and reads only what differs.
 * @throws RotaError SOURCE_UNFIT, SOURCE_CHANGED, GIT_FAILED
 */
export async function buildVersion(
  repository: VersionRepository,
  environment: Pick<EnvironmentConfig, 'source' | 'build'>,
  { now, serialsUsed = [] }: { readonly now: Date; readonly serialsUsed?: readonly number[] },
): Promise<BuiltVersion> {
  const { source, build } = environment;
  const isIgnored = pathMatcher(build.ignore);
  await repository.clearLocks();
  let walk = walkTree(source, isIgnored);
  if (walk.paths.length === 0) {
    throw new RotaError('SOURCE_UNFIT', `${source} holds no file: nothing would be deployed`);
  }
  for (let attempt = 1; ; attempt++) {
    await index(repository, source, walk);
    const changed = await repository.git(['diff-files', '--name-only', '-z'], inTree(repository, source));
    const after = walkTree(source, isIgnored);
    if (changed.length === 0 && samePaths(walk, after)) break;
    if (attempt === tries) {
      const [first] = changed.length > 0 ? changed.toString('latin1').split('\0') : [differing(walk, after)];
      throw new RotaError(
        'SOURCE_CHANGED',
        `${source} changed while it was read (${shown(first ?? '')}): stop what writes there, then try again`,
      );
    }
    walk = after;
  }
  const [submodule] = missingSubmodules(source, walk);
  if (submodule !== undefined) {
    throw new RotaError(
      'SOURCE_UNFIT',
      `The submodule ${shown(submodule)} in ${source} has no files: fetch it (git submodule update --init)`,
    );
  }
  const tree = (await repository.git(['write-tree'], { indexFile: repository.indexFile })).toString().trim();
  const versions = await repository.versions();
  const facts = { files: walk.paths.length, emptyFolders: walk.emptyFolders.map(shown) };
  const same = versions.find((version) => version.tree === tree);
  if (same !== undefined) return { ...same, ...facts, reused: true };
  await checkFiles(repository, { source, tree, base: versions[0]?.tree ?? null, allow: build.allow });
  const serial = Math.max(versions[0]?.serial ?? 0, ...serialsUsed) + 1;
  const name = versionName(now, serial);
  const commit = await commitTree(repository, tree, name, now);
  await repository.git(['update-ref', `refs/tags/${name}`, commit, '0'.repeat(40)]);
  return { name, serial, commit, tree, ...facts, reused: false };
}

async function index(repository: VersionRepository, source: string, walk: TreeWalk): Promise<void> {
  const options = inTree(repository, source);
  const known = (await repository.git(['ls-files', '-z'], options)).toString('latin1').split('\0');
  const present = new Set(walk.paths);
  const gone = known.filter((path) => path !== '' && !present.has(path));
  const input = Buffer.from([...gone, ...walk.paths].map((path) => `${path}\0`).join(''), 'latin1');
  const result = await repository.tryGit(
    ['update-index', '-z', '--add', '--remove', '--replace', '--stdin'],
    { ...options, input },
  );
  if (result.status === 0) return;
  const said = result.stderr.trim().split('\n')[0] ?? '';
  // A file that vanished since the walk is no fault of the tree's: the comparison after this finds it.
  if (/does not exist and --remove not passed|No such file or directory/.test(said)) return;
  throw new RotaError('SOURCE_UNFIT', `${source} cannot be made a version: ${said}`, {
    facts: { said: result.stderr },
  });
}

function inTree(repository: VersionRepository, source: string) {
  return { workTree: source, indexFile: repository.indexFile };
}

async function commitTree(
  repository: VersionRepository,
  tree: string,
  name: string,
  now: Date,
): Promise<string> {
  const identity = {
    NAME: 'rota',
    EMAIL: `rota@${hostname()}`,
    DATE: `${Math.floor(now.getTime() / 1000)} +0000`,
  };
  const env = Object.fromEntries(
    ['AUTHOR', 'COMMITTER'].flatMap((role) =>
      Object.entries(identity).map(([key, value]) => [`GIT_${role}_${key}`, value]),
    ),
  );
  const commit = await repository.git(['commit-tree', tree, '-m', name], { env });
  return commit.toString().trim();
}

function samePaths(a: TreeWalk, b: TreeWalk): boolean {
  return a.paths.length === b.paths.length && a.paths.every((path, i) => path === b.paths[i]);
}

function differing(a: TreeWalk, b: TreeWalk): string {
  const [inA, inB] = [new Set(a.paths), new Set(b.paths)];
  return a.paths.find((path) => !inB.has(path)) ?? b.paths.find((path) => !inA.has(path)) ?? '';
}
