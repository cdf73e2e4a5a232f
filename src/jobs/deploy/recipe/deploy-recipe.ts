import type { EnvironmentConfig, HostGroup } from '../../../config/environment-config.ts';
import type { DeployParameters } from '../parameters.ts';
import { PhpRestart, Restart } from '../rollout/restart.ts';
import { AdoptStage } from '../stages/adopt-stage.ts';
import type { DeployStage } from '../stages/deploy-stage.ts';
import { LocaliseStage } from '../stages/localise-stage.ts';
import { PauseStage } from '../stages/pause-stage.ts';
import { type ForModules, loadPart } from './load-part.ts';
import { plainStages, type StageClasses } from './stage-classes.ts';

/** How an environment is deployed: which stages in which order, and what a host does after its switch. */
export class DeployRecipe {
  protected readonly environment: EnvironmentConfig;
  protected readonly classes: StageClasses;
  readonly #forModules: ForModules;

  constructor(environment: EnvironmentConfig, forModules: ForModules) {
    this.environment = environment;
    this.#forModules = forModules;
    const { modules } = environment.recipe;
    const replaced = <K extends keyof StageClasses>(part: K): StageClasses[K] => {
      const file = modules[part];
      return file === undefined ? plainStages[part] : loadPart(file, plainStages[part], forModules);
    };
    this.classes = {
      preflight: replaced('preflight'),
      build: replaced('build'),
      transfer: replaced('transfer'),
      prepare: replaced('prepare'),
      assets: replaced('assets'),
      rollout: replaced('rollout'),
      finalize: replaced('finalize'),
    };
  }

  /** What a host does after its switch. */
  restart(): Restart {
    const file = this.environment.recipe.modules.restart;
    const Base = this.restartClass();
    return new (file === undefined ? Base : loadPart(file, Base, this.#forModules))(this.environment);
  }

  /** The stages of one run, in order. */
  stages({ kind, groups: wanted, holdAfter = [] }: DeployParameters): readonly DeployStage[] {
    if (kind === 'adopt') return [new AdoptStage()];
    const { preflight, build, transfer, prepare, assets, rollout, finalize } = this.classes;
    const { environment } = this;
    const statics = environment.content.assets;
    const isFirst = (group: HostGroup) => holdAfter.includes(group.name);
    const groups = [
      ...environment.groups.filter(isFirst),
      ...environment.groups.filter((one) => !isFirst(one)),
    ]
      .filter((group) => wanted === undefined || wanted.includes(group.name))
      .map((group, i) => ({ ...group, holds: i === holdAfter.length - 1 }));
    return [
      new preflight(),
      ...(kind === 'push' ? this.beforeBuild() : []),
      new build(),
      new transfer(),
      new prepare(),
      ...(statics === null || kind === 'rollback' ? [] : [new assets(statics)]),
      ...(kind === 'rollback' ? [{ ...this.allAtOnce(), holds: false }] : groups).flatMap((group, i, all) => {
        const pauses = group.asks || group.holds || group.pauseMs > 0;
        const isBetween = kind === 'push' && i < all.length - 1;
        return [new rollout(group), ...(pauses && isBetween ? [new PauseStage(group, group.holds)] : [])];
      }),
      new finalize(),
    ];
  }

  protected restartClass(): typeof Restart {
    return Restart;
  }

  /** Stages that make something in the staging tree. */
  protected beforeBuild(): readonly DeployStage[] {
    return [];
  }

  /** On the way back there is nothing to try out, and a host that is down does not keep others on a bad version. */
  protected allAtOnce(): HostGroup {
    const hosts = this.environment.hosts.map((host) => host.name);
    return {
      name: 'all',
      hosts,
      batch: 1000,
      soakMs: 0,
      failureLimit: hosts.length,
      onFailure: 'stop',
      asks: false,
      pauseMs: 0,
    };
  }
}

/** MediaWiki: its localisation cache is made before the version, and php-fpm is made to run the new code. */
export class MediaWikiRecipe extends DeployRecipe {
  protected override restartClass(): typeof Restart {
    return PhpRestart;
  }

  protected override beforeBuild(): readonly DeployStage[] {
    const settings = this.environment.recipe.localisation;
    return settings === null ? [] : [new LocaliseStage(settings)];
  }
}

export function recipeOf(environment: EnvironmentConfig, forModules: ForModules): DeployRecipe {
  const Recipe = environment.recipe.kind === 'mediawiki' ? MediaWikiRecipe : DeployRecipe;
  return new Recipe(environment, forModules);
}
