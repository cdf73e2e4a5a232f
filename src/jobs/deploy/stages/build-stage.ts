import { done, type StageOutcome } from '../../../control/stage.ts';
import { RotaError } from '../../../core/errors/rota-error.ts';
import { type KnownVersions, knownVersionsKey } from '../records.ts';
import { buildVersion } from '../version/build-version.ts';
import { parseVersionName } from '../version/version.ts';
import { VersionRepository } from '../version/version-repository.ts';
import { type ChosenVersion, type DeployContext, DeployStage } from './deploy-stage.ts';

/** Makes one version of the staging tree, or finds the one that the run is to go to. */
export class BuildStage extends DeployStage {
  readonly name = 'build';

  protected async deploy(context: DeployContext): Promise<StageOutcome> {
    const { environment, parameters, stage } = context;
    const repository = await VersionRepository.open(environment.repository, stage.signal);
    const known = ((await stage.readPointer(knownVersionsKey(environment.name))) ?? {}) as KnownVersions;
    if (parameters.version !== undefined) return done(await find(repository, known, parameters.version));
    if (parameters.kind !== 'push') {
      throw new RotaError('INTERNAL', `a run of the kind ${parameters.kind} names its version`);
    }
    const { name, commit, reused, files, emptyFolders } = await buildVersion(repository, environment, {
      now: stage.clock.now(),
      serialsUsed: Object.keys(known).map((name) => parseVersionName(name)?.serial ?? 0),
    });
    if (emptyFolders.length > 0) {
      stage.log.warn({ folders: emptyFolders.slice(0, 20) }, 'empty folders are no part of a version');
    }
    return done({ version: name, commit, reused, files });
  }
}

/** Versions that only hosts have are known by name: enough to go back to where nothing has to be sent. */
async function find(
  repository: VersionRepository,
  known: KnownVersions,
  name: string,
): Promise<ChosenVersion> {
  const commit = known[name];
  if (commit !== undefined) return { version: name, commit };
  const version = await repository.version(name);
  return { version: version.name, commit: version.commit };
}
