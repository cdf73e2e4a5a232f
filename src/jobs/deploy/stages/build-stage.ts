import { done, type StageOutcome } from '../../../control/stage.ts';
import { RotaError } from '../../../core/errors/rota-error.ts';
import { buildVersion } from '../version/build-version.ts';
import { VersionRepository } from '../version/version-repository.ts';
import { type ChosenVersion, type DeployContext, DeployStage } from './deploy-stage.ts';

/** Makes one version of the staging tree, or finds the one that the run is to go to. */
export class BuildStage extends DeployStage {
  readonly name = 'build';

  protected async deploy(context: DeployContext): Promise<StageOutcome> {
    const { environment, parameters, stage } = context;
    const repository = await VersionRepository.open(environment.repository, stage.signal);
    if (parameters.version !== undefined) {
      const { name, commit } = await repository.version(parameters.version);
      return done({ version: name, commit, slot: commit } satisfies ChosenVersion);
    }
    if (parameters.kind !== 'push') {
      throw new RotaError('INTERNAL', `a run of the kind ${parameters.kind} names its version`);
    }
    const { name, commit, reused, files, emptyFolders } = await buildVersion(
      repository,
      environment,
      stage.clock.now(),
    );
    if (emptyFolders.length > 0) {
      stage.log.warn({ folders: emptyFolders.slice(0, 20) }, 'empty folders are no part of a version');
    }
    return done({ version: name, commit, slot: commit, reused, files });
  }
}
