import type { HostGroup, TargetHost } from '../../../config/environment-config.ts';
import { done, type StageOutcome } from '../../../control/stage.ts';
import { isRotaError, RotaError } from '../../../core/errors/rota-error.ts';
import { PoolKeeper } from '../pools/pool-keeper.ts';
import { excludeOwing } from '../pools/waves.ts';
import { type LiveRecord, liveKey } from '../records.ts';
import { RateChecks } from '../rollout/checks/rate-checks.ts';
import { failsUntouchedToo, tellFound } from '../rollout/host-checks.ts';
import type { WaveContext } from '../rollout/steps/rollout-step.ts';
import type { RolloutSteps, Way } from '../rollout/steps/steps.ts';
import { hostContext, type Served, switchHost, targetOf } from '../rollout/steps/switch-host.ts';
import { type TakenBack, takeBack } from '../rollout/take-back.ts';
import { barrierBetween } from '../version/barriers.ts';
import { type ChosenVersion, type DeployContext, DeployStage, describeFailures } from './deploy-stage.ts';

/**
 * Switches one group to the version, a batch at a time: depool, promote, restart, check, repool. Above the group's limit of
 * failures it stops, and takes back what was switched where the group says so.
 */
export class RolloutStage extends DeployStage {
  readonly name: string;
  protected readonly steps: RolloutSteps;
  #group: HostGroup;

  constructor(group: HostGroup, steps: RolloutSteps) {
    super();
    this.name = `rollout-${group.name}`;
    this.#group = group;
    this.steps = steps;
  }

  /** Takes all hosts back that this deployment may have switched, whichever group they are of. */
  async undo(context: DeployContext, version: ChosenVersion): Promise<TakenBack> {
    return await takeBack(context, version, { steps: this.steps, group: this.#group });
  }

  protected async deploy(context: DeployContext): Promise<StageOutcome> {
    const version = await this.chosen(context);
    this.#group = groupNow(context, this.#group);
    const hosts = context.active().filter((host) => this.#group.hosts.includes(host.name));
    const { pools } = context.environment;
    if (pools === null) await this.#inWaves(context, hosts, version, null);
    else {
      await using keeper = new PoolKeeper(context, pools);
      await keeper.alone(() => this.#inWaves(context, hosts, version, keeper));
    }
    await this.#soak(context, hosts, version);
    const failed = this.#failed(context);
    return done({
      switched: hosts.length - failed.length,
      ...(failed.length === 0 ? {} : { failed: failed.slice(0, 50) }),
    });
  }

  async #batch(context: DeployContext, hosts: readonly TargetHost[], version: ChosenVersion): Promise<void> {
    const { board } = context;
    // On the disk before the first switch: who takes this up after us must know which hosts may have been touched.
    for (const host of hosts)
      if (board.get(host.name)?.state === 'prepared') board.set(host.name, 'promoting');
    await board.save();
    const rates = new RateChecks(context.stage.services.looks);
    const switched: TargetHost[] = [];
    const [first] = hosts;
    await rates.beforeSwitch(context, hosts, this.#group.name);
    await this.onHosts(context, hosts, async (host) => {
      const { before, slot } = board.get(host.name) ?? {};
      // What it served when the deployment began needs no switch, and nothing that follows one.
      const at = this.#at(context, host, version, host === first);
      if (before !== slot) {
        await switchHost(at, this.steps, wayOf(context));
        switched.push(host);
      }
      await this.steps.check.run(at);
      board.set(host.name, 'promoted');
    });
    await this.#watch(context, rates, switched);
    await board.save();
  }

  /** A batch at a time, with as many hosts of it as may leave their pools; those that fail stay out of them. */
  async #inWaves(
    context: DeployContext,
    hosts: readonly TargetHost[],
    version: ChosenVersion,
    keeper: PoolKeeper | null,
  ): Promise<void> {
    const { stage, board, parameters } = context;
    const [way, { depool, repool }] = [wayOf(context), this.steps];
    const wave = (some: readonly TargetHost[]) => this.#wave(context, keeper, some, version);
    if (keeper !== null && parameters.kind !== 'rollback') await excludeOwing(context, keeper);
    let queue = hosts;
    while (queue.length > 0) {
      stage.stopping.throwIfAborted();
      const batch = queue.slice(0, this.#group.batch);
      const needed = batch.filter((host) => board.get(host.name)?.before !== board.get(host.name)?.slot);
      const names = needed.map((host) => host.name);
      const may = keeper === null || needed.length === 0 ? names : await keeper.mayLeave(names);
      const leaving = needed.filter((host) => may.includes(host.name));
      // What need not be switched need not leave, and goes along.
      const going = batch.filter((host) => leaving.includes(host) || !needed.includes(host));
      queue = queue.filter((host) => !going.includes(host));
      try {
        await depool[way](wave(leaving));
      } catch (error) {
        await repool[way](wave(leaving));
        throw error;
      }
      const out = going.filter((host) => board.get(host.name)?.state !== 'failed');
      await this.#batch(context, out, version);
      try {
        await this.#judge(context, version);
      } finally {
        await repool[way](wave(going.filter((host) => board.get(host.name)?.state === 'promoted')));
      }
    }
  }

  #at(context: DeployContext, host: TargetHost, version: ChosenVersion, isFirst: boolean) {
    return hostContext(context, host, {
      served: servedOf(context, host, version),
      group: this.#group,
      isFirst,
    });
  }

  #wave(
    context: DeployContext,
    keeper: PoolKeeper | null,
    hosts: readonly TargetHost[],
    version: ChosenVersion,
  ): WaveContext {
    return {
      hosts,
      keeper,
      deploy: context,
      targetOf: (host) => targetOf(context, host, servedOf(context, host, version)),
      each: async (work) => {
        await this.onHosts(context, hosts, work);
      },
    };
  }

  /** What logs and metrics say of hosts that were just switched. */
  async #watch(context: DeployContext, rates: RateChecks, switched: readonly TargetHost[]): Promise<void> {
    const { board, stage } = context;
    const isIn = (host: TargetHost, state: string) => board.get(host.name)?.state === state;
    const hosts = switched.filter((host) => isIn(host, 'promoted'));
    const others = context.active().filter((host) => isIn(host, 'prepared'));
    await rates.afterSwitch(context, { hosts, others, group: this.#group.name }, (host, check, found) => {
      try {
        if (found.verdict === 'bad') tellFound(context, host, check, found.why);
        else stage.log.warn({ host: host.name, check: check.name, found: found.why }, 'a check cannot tell');
      } catch (error) {
        if (isRotaError(error)) board.fail(host.name, this.name, error);
        stage.log.warn({ host: host.name, err: error }, 'a host failed');
      }
    });
  }

  /** Leaves the group with the version for a while and asks its checks once more. */
  async #soak(context: DeployContext, hosts: readonly TargetHost[], version: ChosenVersion): Promise<void> {
    const { stage } = context;
    if (this.#group.soakMs === 0) return;
    await stage.clock.sleep(this.#group.soakMs, AbortSignal.any([stage.signal, stage.stopping]));
    const serving = hosts.filter((host) => context.board.get(host.name)?.state === 'promoted');
    await this.onHosts(context, serving, (host) =>
      this.steps.check.run(this.#at(context, host, version, host === serving[0])),
    );
    await this.#judge(context, version);
  }

  async #judge(context: DeployContext, version: ChosenVersion): Promise<void> {
    const { board, parameters } = context;
    const failed = this.#failed(context);
    if (failed.length <= this.#group.failureLimit) return;
    await board.save();
    const why = `${describeFailures(board, failed)}; group ${this.#group.name} may lose ${this.#group.failureLimit}`;
    const facts = { group: this.#group.name, hosts: failed };
    // What failed on the way back is not helped by going forth again.
    const live = (await context.stage.readPointer(liveKey(context.environment.name))) as LiveRecord | null;
    const elsewhere = live ? await failsUntouchedToo(context, failed, live.version) : null;
    if (elsewhere !== null) {
      throw new RotaError(
        'DEPLOY_FAILED',
        `${why}. It fails just so on ${elsewhere}, which was not switched: nothing was taken back, as that would not help`,
        { facts },
      );
    }
    const barrier = live ? await barrierBetween(context.environment, live.commit, version.commit) : null;
    if (barrier !== null && this.#group.onFailure === 'rollback' && parameters.kind === 'push') {
      throw new RotaError(
        'DEPLOY_FAILED',
        `${why}. The version changes ${barrier}, which is a barrier: nothing was taken back by itself`,
        { facts: { ...facts, barrier } },
      );
    }
    if (this.#group.onFailure === 'rollback' && parameters.kind === 'push') {
      const back = await this.undo(context, version);
      throw new RotaError(
        back.left.length === 0 ? 'DEPLOY_ROLLED_BACK' : 'DEPLOY_FAILED',
        `${why}: ${back.sentence}`,
        { facts },
      );
    }
    const serving = board.inState('promoted');
    throw new RotaError(
      'DEPLOY_FAILED',
      `${why}: ${serving.length} of ${board.all.size} hosts serve ${version.version}, the others what they had`,
      { facts },
    );
  }

  #failed({ board }: DeployContext): readonly string[] {
    return this.#group.hosts.filter((host) => board.get(host)?.state === 'failed');
  }
}

/** A person who goes back to an earlier version takes the same steps as a deployment that is taken back by itself. */
function wayOf({ parameters }: DeployContext): Way {
  return parameters.kind === 'rollback' ? 'undo' : 'run';
}

/** @throws RotaError NOT_PREPARED */
function servedOf({ board }: DeployContext, host: TargetHost, { version }: ChosenVersion): Served {
  const slot = board.get(host.name)?.slot ?? null;
  if (slot === null) throw new RotaError('NOT_PREPARED', `${host.name} has no slot to serve`);
  return { slot, version };
}

/** Which hosts are in it is known only by now, where they come from a pool. */
function groupNow({ environment, parameters }: DeployContext, group: HostGroup): HostGroup {
  if (environment.hostPool === null) return group;
  if (parameters.kind === 'rollback') {
    const hosts = environment.hosts.map((host) => host.name);
    return { ...group, hosts, failureLimit: hosts.length };
  }
  return environment.groups.find(({ name }) => name === group.name) ?? group;
}
