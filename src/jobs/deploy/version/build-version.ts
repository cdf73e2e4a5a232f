import { hostname, userInfo } from 'node:os';
import type { EnvironmentConfig } from '../../../config/environment-config.ts';
import { RotaError } from '../../../core/errors/rota-error.ts';
import { checkFiles } from './check-files.ts';
import { isDiskFull } from './git.ts';
import { type NestedRepository, nestedRepositories } from './nested-repositories.ts';
import { originText } from './origin.ts';
import { pathMatcher } from './path-pattern.ts';
import { keepWindow, writtenWhileRead } from './reading-window.ts';
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

/** The staging tree as git holds it, before it has a name. */
export interface StagingTree {
  readonly tree: string;
  readonly files: number;
  readonly emptyFolders: readonly string[];
  /** Folders with a repository of their own, '' for the tree's root. */
  readonly repositories: readonly string[];
}

/** A version that has all but its name. */
export interface ReadyVersion {
  readonly version: Version;
  readonly isNew: boolean;
  readonly staging: StagingTree;
}

type Source = Pick<EnvironmentConfig, 'source'> & {
  readonly build: Pick<EnvironmentConfig['build'], 'ignore' | 'allow'> &
    Partial<Pick<EnvironmentConfig['build'], 'requireClean'>>;
};

/**
 * Makes a version of the staging tree as it is now, at a cost that grows with what changed: git compares stat data with
 * its index and reads only what differs.
 * @throws RotaError SOURCE_UNFIT, SOURCE_CHANGED, GIT_FAILED, DISK_FULL
 */
export async function buildVersion(
  repository: VersionRepository,
  environment: Source,
  p: {
    readonly now: Date;
    readonly serialsUsed?: readonly number[];
    /** What `readyVersion` made just now. */
    readonly ready?: ReadyVersion;
  },
): Promise<BuiltVersion> {
  const { version, isNew, staging } = p.ready ?? (await readyVersion(repository, environment, p));
  const { files, emptyFolders } = staging;
  if (isNew) await nameVersion(repository, version);
  return { ...version, files, emptyFolders, reused: !isNew };
}

/** All of making a version but giving it its name: nothing refers to what this leaves. @throws as `buildVersion` */
export async function readyVersion(
  repository: VersionRepository,
  environment: Source,
  { now, serialsUsed = [] }: { readonly now: Date; readonly serialsUsed?: readonly number[] },
): Promise<ReadyVersion> {
  const staging = await readStaging(repository, environment);
  return { ...(await commitVersion(repository, environment, staging, { now, serialsUsed })), staging };
}

/** Takes the staging tree into the repository with the index that is kept for it; the caller holds the environment's lease. */
export async function readStaging(repository: VersionRepository, environment: Source): Promise<StagingTree> {
  await repository.clearLocks();
  return await readTree(repository, environment, repository.indexFile);
}

/** Takes the staging tree into the repository, where nothing refers to it yet. `indexFile` is git's memory of it. */
export async function readTree(
  repository: VersionRepository,
  { source, build }: Source,
  indexFile: string,
): Promise<StagingTree> {
  const isIgnored = pathMatcher(build.ignore);
  const options = { workTree: source, indexFile };
  let walk = walkTree(source, isIgnored);
  if (walk.paths.length === 0) {
    throw new RotaError('SOURCE_UNFIT', `${source} holds no file: nothing would be deployed`);
  }
  const begunMs = Date.now();
  const doubtful = writtenWhileRead(indexFile, source, walk.paths);
  if (doubtful.length > 0) await forget(repository, options, doubtful);
  for (let attempt = 1; ; attempt++) {
    await index(repository, options, walk);
    const changed = await repository.git(['diff-files', '--name-only', '-z'], options);
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
  await keepWindow(indexFile, begunMs, Date.now());
  const [submodule] = missingSubmodules(source, walk);
  if (submodule !== undefined) {
    throw new RotaError(
      'SOURCE_UNFIT',
      `The submodule ${shown(submodule)} in ${source} has no files: fetch it (git submodule update --init)`,
    );
  }
  const tree = (await repository.git(['write-tree'], { indexFile })).toString().trim();
  return {
    tree,
    files: walk.paths.length,
    emptyFolders: walk.emptyFolders.map(shown),
    repositories: walk.repositories,
  };
}

/** The version that is equal to the tree; or a commit with the next name, which is not given to it yet. */
export async function commitVersion(
  repository: VersionRepository,
  { source, build }: Source,
  staging: StagingTree,
  { now, serialsUsed = [] }: { readonly now: Date; readonly serialsUsed?: readonly number[] },
): Promise<{ readonly version: Version; readonly isNew: boolean }> {
  const { tree } = staging;
  const versions = await repository.versions();
  const same = versions.find((version) => version.tree === tree);
  if (same !== undefined) return { version: same, isNew: false };
  await checkFiles(repository, { source, tree, base: versions[0]?.tree ?? null, allow: build.allow });
  const serial = Math.max(versions[0]?.serial ?? 0, ...serialsUsed) + 1;
  const name = versionName(now, serial);
  const repositories = await nestedRepositories(source, staging.repositories);
  if (build.requireClean === true) refuseDirty(source, repositories);
  const commit = await commitTree(repository, { tree, name, now, repositories });
  return { version: { name, serial, commit, tree }, isNew: true };
}

/** @throws RotaError SOURCE_UNFIT */
function refuseDirty(source: string, repositories: readonly NestedRepository[]): void {
  // What git could not say of one is no reason to believe that it is clean.
  const dirty = repositories.filter(({ isDirty }) => isDirty !== false).map(({ path }) => path || '.');
  if (dirty.length === 0) return;
  throw new RotaError(
    'SOURCE_UNFIT',
    `In ${source}, ${dirty.slice(0, 5).join(', ')} ${dirty.length === 1 ? 'has' : 'have'} changes that are not committed: commit them, or leave out requireClean`,
    { facts: { repositories: dirty } },
  );
}

/** Makes a commit a version. One that has the name already keeps it. */
export async function nameVersion(
  repository: VersionRepository,
  { name, commit }: Pick<Version, 'name' | 'commit'>,
): Promise<void> {
  await repository.git(['update-ref', `refs/tags/${name}`, commit, '0'.repeat(40)]);
}

/** Takes paths out of the index, so that git reads the files anew. */
async function forget(
  repository: VersionRepository,
  options: { readonly workTree: string; readonly indexFile: string },
  paths: readonly string[],
): Promise<void> {
  const lines = paths.map((path) => `0 ${'0'.repeat(40)}\t${path}\0`).join('');
  const input = Buffer.from(lines, 'latin1');
  await repository.git(['update-index', '-z', '--index-info'], { ...options, input });
}

async function index(
  repository: VersionRepository,
  options: { readonly workTree: string; readonly indexFile: string },
  walk: TreeWalk,
): Promise<void> {
  const known = (await repository.git(['ls-files', '-z'], options)).toString('latin1').split('\0');
  const present = new Set(walk.paths);
  const gone = known.filter((path) => path !== '' && !present.has(path));
  const input = Buffer.from([...gone, ...walk.paths].map((path) => `${path}\0`).join(''), 'latin1');
  const isFirst = known.every((path) => path === '');
  const result = await repository.tryGit(
    [
      ...(isFirst && (await packsAtOnce(repository)) ? ['-c', 'core.bigFileThreshold=1'] : []),
      ...['update-index', '-z', '--add', '--remove', '--replace', '--stdin'],
    ],
    { ...options, input },
  );
  if (result.status === 0) return;
  const said = result.stderr.trim().split('\n')[0] ?? '';
  if (isDiskFull(result.stderr)) {
    await repository.clearUnfinished();
    throw new RotaError('DISK_FULL', `${repository.path} has no room for what changed: ${said}`);
  }
  // A file that vanished since the walk is no fault of the tree's: the comparison after this finds it.
  if (/does not exist and --remove not passed|No such file or directory/.test(said)) return;
  throw new RotaError('SOURCE_UNFIT', `${options.workTree} cannot be made a version: ${said}`, {
    facts: { said: result.stderr },
  });
}

/**
 * Whether git writes all files that it calls big into one pack: so a whole tree is compressed once, instead of once into as many
 * files and again into a pack for the hosts. Before 2.38 it would make a pack of each.
 */
async function packsAtOnce(repository: VersionRepository): Promise<boolean> {
  const { stdout } = await repository.tryGit(['version']);
  const [, major, minor] = /(\d+)\.(\d+)/.exec(stdout.toString()) ?? [];
  return Number(major) > 2 || (Number(major) === 2 && Number(minor) >= 38);
}

async function commitTree(
  repository: VersionRepository,
  p: {
    readonly tree: string;
    readonly name: string;
    readonly now: Date;
    readonly repositories: readonly NestedRepository[];
  },
): Promise<string> {
  const { tree, name, now, repositories } = p;
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
  const input = `${name}\n\n${originText({ builder: `${userInfo().username}@${hostname()}`, repositories })}\n`;
  const commit = await repository.git(['commit-tree', tree, '-F', '-'], { env, input });
  return commit.toString().trim();
}

function samePaths(a: TreeWalk, b: TreeWalk): boolean {
  return a.paths.length === b.paths.length && a.paths.every((path, i) => path === b.paths[i]);
}

function differing(a: TreeWalk, b: TreeWalk): string {
  const [inA, inB] = [new Set(a.paths), new Set(b.paths)];
  return a.paths.find((path) => !inB.has(path)) ?? b.paths.find((path) => !inA.has(path)) ?? '';
}
