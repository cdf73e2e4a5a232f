import type { HostGroup, TargetHost } from '../../../config/environment-config.ts';
import { done, type StageOutcome } from '../../../control/stage.ts';
import { isRotaError, RotaError } from '../../../core/errors/rota-error.ts';
import { PoolKeeper } from '../pools/pool-keeper.ts';
import { bringIn, excludeOwing } from '../pools/waves.ts';
import { type LiveRecord, liveKey } from '../records.ts';
import { RateChecks } from '../rollout/checks/rate-checks.ts';
import { failsUntouchedToo, runHostChecks, tellFound } from '../rollout/host-checks.ts';
import { switchHost } from '../rollout/switch-host.ts';
import { takeBack } from '../rollout/take-back.ts';
import { barrierBetween } from '../version/barriers.ts';
import { type ChosenVersion, type DeployContext, DeployStage, describeFailures } from './deploy-stage.ts';

/**
 * Switches one group to the version, a batch at a time: promote, restart, check. Above the group's limit of failures it
 * stops, and takes back what was switched where the group says so.
 */
export class RolloutStage extends DeployStage {
  readonly name: string;
  #group: HostGroup;

  constructor(group: HostGroup) {
    super();
    this.name = `rollout-${group.name}`;
    this.#group = group;
  }

  protected async deploy(context: DeployContext): Promise<StageOutcome> {
    const { stage } = context;
    const version = await this.chosen(context);
    this.#group = groupNow(context, this.#group);
    const hosts = context.active().filter((host) => this.#group.hosts.includes(host.name));
    const { pools } = context.environment;
    if (pools === null) {
      for (let i = 0; i < hosts.length; i += this.#group.batch) {
        stage.stopping.throwIfAborted();
        await this.#batch(context, hosts.slice(i, i + this.#group.batch), version);
        await this.#judge(context, version);
      }
    } else {
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
      if (slot === undefined || slot === null)
        throw new RotaError('NOT_PREPARED', `${host.name} has no slot to serve`);
      // What it served when the deployment began needs no switch, and nothing that follows one.
      if (before !== slot) {
        await switchHost(context, host, { slot, version: version.version });
        switched.push(host);
      }
      await runHostChecks(context, host, { group: this.#group, version, isFirst: host === first });
      board.set(host.name, 'promoted');
    });
    await this.#watch(context, rates, switched);
    await board.save();
  }

  /** As #batch does, with hosts out of their pools while they are switched; those that fail stay out. */
  async #inWaves(
    context: DeployContext,
    hosts: readonly TargetHost[],
    version: ChosenVersion,
    keeper: PoolKeeper,
  ): Promise<void> {
    const { stage, board, parameters } = context;
    if (parameters.kind !== 'rollback') await excludeOwing(context, keeper);
    let queue = hosts;
    while (queue.length > 0) {
      stage.stopping.throwIfAborted();
      const batch = queue.slice(0, this.#group.batch);
      const needed = batch.filter((host) => board.get(host.name)?.before !== board.get(host.name)?.slot);
      const may = needed.length === 0 ? [] : await keeper.mayLeave(needed.map((host) => host.name));
      const leaving = needed.filter((host) => may.includes(host.name));
      // What need not be switched need not leave, and goes along.
      const wave = batch.filter((host) => leaving.includes(host) || !needed.includes(host));
      queue = queue.filter((host) => !wave.includes(host));
      try {
        await keeper.depool(leaving.map((host) => host.name));
      } catch (error) {
        await keeper.repool(leaving.map((host) => host.name));
        throw error;
      }
      await this.#batch(context, wave, version);
      try {
        await this.#judge(context, version);
      } finally {
        await bringIn(context, keeper, wave);
      }
    }
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
      runHostChecks(context, host, { group: this.#group, version, isFirst: host === serving[0] }),
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
      const back = await takeBack(context, version);
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

/** Which hosts are in it is known only by now, where they come from a pool. */
function groupNow({ environment, parameters }: DeployContext, group: HostGroup): HostGroup {
  if (environment.hostPool === null) return group;
  if (parameters.kind === 'rollback') {
    const hosts = environment.hosts.map((host) => host.name);
    return { ...group, hosts, failureLimit: hosts.length };
  }
  return environment.groups.find(({ name }) => name === group.name) ?? group;
}
