import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { TargetHost } from '../../../config/environment-config.ts';
import { toRotaError } from '../../../core/errors/rota-error.ts';
import type { DeployContext } from '../stages/deploy-stage.ts';
import { giveVersions } from '../target/programs/give-versions.ts';
import type { Version } from '../version/version.ts';
import { VersionRepository } from '../version/version-repository.ts';

type Wanted = Pick<Version, 'name' | 'commit'>;

/**
 * Takes versions that only hosts have into the repository here, from a host that has them; those that none can give are known by
 * name alone: enough where nothing has to be sent.
 * @returns the versions that are here now
 */
export async function bringHome(
  context: DeployContext,
  wanted: readonly Wanted[],
  holders: ReadonlyMap<TargetHost, ReadonlySet<string>>,
): Promise<readonly Wanted[]> {
  const { environment, stage } = context;
  const repository = await VersionRepository.open(environment.repository, stage.signal);
  const isHere = async ({ commit }: Wanted) =>
    (await repository.tryGit(['rev-list', '--objects', '--quiet', commit])).status === 0;
  const here: Wanted[] = [];
  for (const one of wanted) {
    let has = await isHere(one);
    for (const [host, commits] of holders) {
      if (has) break;
      if (!commits.has(one.commit)) continue;
      try {
        await fetchFrom(context, repository, host, one.commit);
        has = await isHere(one);
      } catch (error) {
        stage.signal.throwIfAborted();
        const { message } = toRotaError(error, 'INTERNAL', String);
        stage.log.warn(
          { host: host.name, version: one.name, reason: message },
          'a host could not give a version',
        );
      }
    }
    if (!has) continue;
    // One of that name that was made here stays what it is: by its name, what hosts call so is found first.
    await repository.tryGit(['update-ref', `refs/tags/${one.name}`, one.commit, '0'.repeat(40)]);
    here.push(one);
  }
  return here;
}

async function fetchFrom(
  { fleet, siteOf, stage }: DeployContext,
  repository: VersionRepository,
  host: TargetHost,
  commit: string,
): Promise<void> {
  const file = join(repository.path, `home-${stage.token}.pack`);
  try {
    const { path, deadlineMs } = siteOf(host);
    await fleet.receive(host, giveVersions({ path, deadlineMs, commits: [commit] }), file, stage.signal);
    await repository.git(['index-pack', '--stdin', '--fix-thin'], { inputFile: file });
  } finally {
    await rm(file, { force: true });
  }
}
