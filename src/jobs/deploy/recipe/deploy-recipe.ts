import type { EnvironmentConfig, HostGroup } from '../../../config/environment-config.ts';
import type { DeployParameters } from '../parameters.ts';
import type { PlannedWork } from '../plan/make-plan.ts';
import { PhpRestart } from '../rollout/steps/restart.ts';
import type { RolloutSteps } from '../rollout/steps/steps.ts';
import { AdoptStage } from '../stages/adopt-stage.ts';
import type { DeployStage } from '../stages/deploy-stage.ts';
import { LocaliseHostsStage } from '../stages/localise-hosts-stage.ts';
import { LocaliseStage } from '../stages/localise-stage.ts';
import { PauseStage } from '../stages/pause-stage.ts';
import { RsyncPrepareStage, RsyncTransferStage } from '../stages/rsync-stages.ts';
import { forModules } from './for-modules.ts';
import { loadPart } from './load-part.ts';
import { plainStages, type StageClasses } from './stage-classes.ts';

/** How an environment is deployed: which stages in which order, and how a host is switched. */
export class DeployRecipe {
  protected readonly environment: EnvironmentConfig;
  protected readonly classes: StageClasses;

  constructor(environment: EnvironmentConfig) {
    this.environment = environment;
    const own = this.ownClasses();
    const given = forModules(own);
    const { modules } = environment.recipe;
    const replaced = <Part extends keyof StageClasses>(part: Part): StageClasses[Part] => {
      const file = modules[part];
      return file === undefined ? own[part] : loadPart(file, plainStages[part], given);
    };
    this.classes = {
      preflight: replaced('preflight'),
      build: replaced('build'),
      transfer: replaced('transfer'),
      prepare: replaced('prepare'),
      assets: replaced('assets'),
      rollout: replaced('rollout'),
      depool: replaced('depool'),
      promote: replaced('promote'),
      restart: replaced('restart'),
      check: replaced('check'),
      repool: replaced('repool'),
      finalize: replaced('finalize'),
    };
  }

  /** How a host is switched. */
  steps(): RolloutSteps {
    const { environment, classes } = this;
    return {
      depool: new classes.depool(environment),
      promote: new classes.promote(environment),
      restart: new classes.restart(environment),
      check: new classes.check(environment),
      repool: new classes.repool(environment),
    };
  }

  /** The same, to be looked at. */
  planned(parameters: DeployParameters): PlannedWork {
    const stages = this.stages(parameters).map((stage) => ({ name: stage.name, does: stage.plan() }));
    return { stages, steps: this.steps() };
  }

  /** The stages of one run, in order. */
  stages(parameters: DeployParameters): readonly DeployStage[] {
    const { kind, groups: wanted, holdAfter = [] } = parameters;
    if (kind === 'adopt') return [new AdoptStage()];
    const { preflight, build, transfer, prepare, assets, rollout, finalize } = this.classes;
    const { environment } = this;
    const steps = this.steps();
    const statics = environment.content.assets;
    const isFirst = (group: HostGroup) => holdAfter.includes(group.name);
    const groups = [
      ...environment.groups.filter(isFirst),
      ...environment.groups.filter((one) => !isFirst(one)),
    ]
      .filter((group) => wanted === undefined || wanted.includes(group.name))
      .map((group, i) => ({ ...group, holds: i === holdAfter.length - 1 }));
    const beforeBuild = kind === 'push' ? this.beforeBuild() : [];
    const builds = new build(() => this.planned(parameters));
    // What the site's own stages do, or ours before it, may change the tree until it is read.
    const isPlain = preflight === plainStages.preflight && build === plainStages.build;
    const readsAhead = isPlain && beforeBuild.length === 0;
    return [
      new preflight(readsAhead ? (context) => builds.readAhead(context) : null),
      ...beforeBuild,
      builds,
      new transfer(),
      new prepare(),
      ...this.afterPrepare(),
      ...(statics === null || kind === 'rollback' ? [] : [new assets(statics)]),
      ...(kind === 'rollback' ? [{ ...this.allAtOnce(), holds: false }] : groups).flatMap((group, i, all) => {
        const pauses = group.asks || group.holds || group.pauseMs > 0;
        const isBetween = kind === 'push' && i < all.length - 1;
        return [
          new rollout(group, steps),
          ...(pauses && isBetween ? [new PauseStage(group, group.holds)] : []),
        ];
      }),
      new finalize(),
    ];
  }

  /** The classes that modules of the site may extend. */
  protected ownClasses(): StageClasses {
    if (this.environment.holds === 'git') return plainStages;
    return { ...plainStages, transfer: RsyncTransferStage, prepare: RsyncPrepareStage };
  }

  /** Stages that make something in the staging tree. */
  protected beforeBuild(): readonly DeployStage[] {
    return [];
  }

  /** Stages that make something in the slots of hosts, before any is switched. */
  protected afterPrepare(): readonly DeployStage[] {
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
  protected override ownClasses(): StageClasses {
    return { ...super.ownClasses(), restart: PhpRestart };
  }

  protected override beforeBuild(): readonly DeployStage[] {
    const settings = this.environment.recipe.localisation;
    return settings === null ? [] : [new LocaliseStage(settings)];
  }

  protected override afterPrepare(): readonly DeployStage[] {
    const settings = this.environment.recipe.localisation;
    return settings?.store === 'cdb' ? [new LocaliseHostsStage(settings)] : [];
  }
}

export function recipeOf(environment: EnvironmentConfig): DeployRecipe {
  const Recipe = environment.recipe.kind === 'mediawiki' ? MediaWikiRecipe : DeployRecipe;
  return new Recipe(environment);
}
