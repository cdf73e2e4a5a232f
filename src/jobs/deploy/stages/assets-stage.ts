import type { AssetSettings } from '../../../config/environment-content-config.ts';
import { done, type StageOutcome } from '../../../control/stage.ts';
import { type PublishAssetsOptions, publishAssets } from '../target/programs/publish-assets.ts';
import type { TargetProgram } from '../target/target-program.ts';
import { assetStateOf } from '../version/asset-state.ts';
import { VersionRepository } from '../version/version-repository.ts';
import { type DeployContext, DeployStage } from './deploy-stage.ts';

/** Puts the static files of the version on every host, before any host serves pages that name them. */
export class AssetsStage extends DeployStage {
  readonly name = 'assets';
  readonly #assets: AssetSettings;

  constructor(assets: AssetSettings) {
    super();
    this.#assets = assets;
  }

  override plan(): readonly string[] {
    return this.#assets.paths;
  }

  /** What a host does. */
  local(p: PublishAssetsOptions): TargetProgram {
    return publishAssets(p);
  }

  protected async deploy(context: DeployContext): Promise<StageOutcome> {
    const { environment, stage, fleet, parameters } = context;
    const { commit } = await this.chosen(context);
    const { paths, keep } = this.#assets;
    const repository = await VersionRepository.open(environment.repository, stage.signal);
    const { hash, seconds } = await assetStateOf(repository, commit, paths);
    let published = 0;
    await this.onHosts(context, context.active(), async (host) => {
      const prove = parameters.kind === 'repair';
      const program = this.local({ ...context.siteOf(host), commit, hash, seconds, paths, keep, prove });
      const { stdout } = await fleet.run(host, program, stage.signal);
      if (stdout.toString().trim() !== 'kept') published++;
    });
    this.refuseAboveLimit(context);
    return done({ hash, published });
  }
}
