import { join, posix } from 'node:path';
import type { EnvironmentConfig } from '../../config/environment-config.ts';
import type { Fleet } from '../../jobs/deploy/fleet/fleet.ts';
import { tryGit } from '../../jobs/deploy/version/git.ts';
import { readOrigin } from '../../jobs/deploy/version/origin.ts';
import type { Version } from '../../jobs/deploy/version/version.ts';
import { VersionRepository } from '../../jobs/deploy/version/version-repository.ts';
import { observeFleet } from './look-at-fleet.ts';

/** One host, and whether what it serves holds what was asked for. */
export interface WhereRow {
  readonly host: string;
  readonly version: string | null;
  readonly has: 'yes' | 'no' | 'unknown';
  /** Of a commit: the repository that holds it. Of a file: its content, and the version in which it came. */
  readonly what: string;
}

interface Answer {
  readonly has: WhereRow['has'];
  readonly what: string;
}

/** Which hosts serve a commit of one of the repositories in the staging tree, or a file and since which version. */
export async function whereIs(p: {
  readonly environment: EnvironmentConfig;
  readonly fleet: Fleet;
  readonly wanted: string;
  readonly signal: AbortSignal;
}): Promise<readonly WhereRow[]> {
  const { environment, wanted, signal } = p;
  const repository = await VersionRepository.open(environment.repository, signal);
  const versions = await repository.versions();
  const byCommit = new Map(versions.map((version) => [version.commit, version]));
  const answers = new Map<string, Promise<Answer>>();
  const isCommit = /^[0-9a-f]{7,40}$/.test(wanted);
  const answerFor = (version: Version): Promise<Answer> => {
    const known =
      answers.get(version.commit) ??
      (isCommit
        ? holdsCommit(repository, environment, version, wanted)
        : holdsFile(repository, versions, version, pathInCode(environment, wanted)));
    answers.set(version.commit, known);
    return known;
  };
  const looks = await observeFleet(p.fleet, environment, { prove: 'no', signal });
  return await Promise.all(
    looks.map(async (look): Promise<WhereRow> => {
      const host = look.host.name;
      if (!look.ok) return { host, version: null, has: 'unknown', what: look.error.message };
      const { current, slots } = look.value;
      const commit = current === null ? undefined : slots.get(current);
      if (commit === undefined) return { host, version: null, has: 'no', what: 'serves nothing' };
      const version = byCommit.get(commit);
      if (version === undefined)
        return {
          host,
          version: commit.slice(0, 12),
          has: 'unknown',
          what: 'a version that is not known here',
        };
      return { host, version: version.name, ...(await answerFor(version)) };
    }),
  );
}

async function holdsCommit(
  repository: VersionRepository,
  environment: EnvironmentConfig,
  version: Version,
  wanted: string,
): Promise<Answer> {
  const origin = await readOrigin(repository, version.commit);
  if (origin === null) return { has: 'unknown', what: 'it does not say what it was made from' };
  let isKnown = false;
  for (const { path, commit, isDirty } of origin.repositories) {
    if (commit === null) continue;
    const workTree = join(environment.source, path);
    const ask = (...args: readonly string[]) =>
      tryGit(['-c', 'safe.directory=*', ...args], { repository: join(workTree, '.git'), workTree });
    // 1: both are known, and it is none; any other status: one of them is not known there.
    const status = commit.startsWith(wanted)
      ? 0
      : (await ask('merge-base', '--is-ancestor', wanted, commit)).status;
    isKnown ||= status === 1;
    if (status !== 0) continue;
    const dirty = isDirty === true ? ', with changes that were not committed' : '';
    return { has: 'yes', what: `${path === '' ? 'the tree' : path} at ${commit.slice(0, 12)}${dirty}` };
  }
  if (isKnown) return { has: 'no', what: '' };
  return { has: 'unknown', what: 'no repository in the staging tree knows this commit' };
}

/** People name a file as it is called in the code, in the staging tree or on a host. */
function pathInCode({ path, source }: EnvironmentConfig, wanted: string): string {
  const normal = posix.normalize(wanted);
  const folder = [path, source].find((one) => normal.startsWith(`${one}/`)) ?? '';
  return normal.slice(folder.length).replace(/^\/+/, '');
}

async function holdsFile(
  repository: VersionRepository,
  versions: readonly Version[],
  version: Version,
  path: string,
): Promise<Answer> {
  const objectIn = async ({ commit }: Version) => {
    const { status, stdout } = await repository.tryGit([
      'rev-parse',
      '--verify',
      '--quiet',
      `${commit}:${path}`,
    ]);
    return status === 0 ? stdout.toString().trim() : null;
  };
  const object = await objectIn(version);
  if (object === null) return { has: 'no', what: '' };
  let since = version;
  for (const older of versions.filter(({ serial }) => serial < version.serial)) {
    if ((await objectIn(older)) !== object) break;
    since = older;
  }
  return { has: 'yes', what: `${object.slice(0, 12)}, so since ${since.name}` };
}
