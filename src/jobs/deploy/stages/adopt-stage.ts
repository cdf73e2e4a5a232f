import type { TargetHost } from '../../../config/environment-config.ts';
import { done, doneWithErrors, type StageOutcome } from '../../../control/stage.ts';
import { RotaError } from '../../../core/errors/rota-error.ts';
import { PoolKeeper } from '../pools/pool-keeper.ts';
import {
  instancesKey,
  knownVersionsKey,
  type LiveRecord,
  liveKey,
  type UnderWayRecord,
  underWayKey,
} from '../records.ts';
import { adopt, parseLastDeployment } from '../target/programs/adopt.ts';
import { type Observation, observe, parseObservation } from '../target/programs/observe.ts';
import { bringHome } from '../transfer/bring-home.ts';
import { type DeployContext, DeployStage, describeFailures } from './deploy-stage.ts';
import { type Learnt, learnFromHosts, type Taken } from './learn-from-hosts.ts';

type TakenHost = Taken & Pick<Observation, 'instance'>;

/**
 * Takes an environment over from a run store that is gone for good: its hosts refuse that store from now on, and what they serve,
 * hold and were about to serve is learnt from them, so that a deployment goes on or is taken back without the old deploy host.
 */
export class AdoptStage extends DeployStage {
  readonly name = 'adopt';

  protected async deploy(context: DeployContext): Promise<StageOutcome> {
    const { environment, stage, board, parameters } = context;
    const note = `${stage.clock.now().toISOString()} ${parameters.message ?? ''}`.replace(/\p{Cc}/gu, ' ');
    const outcomes = await this.onHosts(context, environment.hosts, (host) =>
      this.#take(context, host, note),
    );
    const seen = outcomes.flatMap((outcome) => (outcome.ok ? [outcome.value] : []));
    const failed = board.inState('failed');
    if (seen.length === 0) {
      throw new RotaError('DEPLOY_FAILED', `No host could be taken over: ${describeFailures(board, failed)}`);
    }
    const versions = Object.fromEntries(
      seen.flatMap(({ commits }) => [...commits].map(([commit, name]) => [name, commit])),
    );
    await stage.commitPointer(knownVersionsKey(environment.name), versions);
    const instances = seen.flatMap(({ host, instance }) => (instance === null ? [] : [[host, instance]]));
    await stage.commitPointer(instancesKey(environment.name), Object.fromEntries(instances));
    const learnt = learnFromHosts(seen, environment.groups);
    const here = await this.#bringHome(context, learnt, seen);
    const inherited = await this.#inherit(context, learnt);
    const live = await this.#remember(context, learnt, inherited, failed);
    const summary = {
      hosts: seen.length,
      live: live?.version ?? null,
      versions: Object.keys(versions).length,
      here: here.length,
      ...(live === null ? {} : { owing: Object.keys(live.owing).length }),
    };
    if (failed.length === 0) return done(summary);
    return doneWithErrors(
      `not taken over: ${describeFailures(board, failed)}; adopt again when they can be reached`,
      summary,
    );
  }

  async #take(context: DeployContext, host: TargetHost, note: string): Promise<TakenHost> {
    const { fleet, stage } = context;
    const site = context.siteOf(host);
    const result = await fleet.run(host, observe({ ...site, prove: 'no' }), stage.signal);
    const said = await fleet.run(host, adopt({ ...site, note }), stage.signal);
    return { ...parseObservation(result.stdout), host: host.name, last: parseLastDeployment(said.stdout) };
  }

  /** What a deployment that goes on, or is taken back, may have to send to a host that lacks it. */
  async #bringHome(context: DeployContext, { live, previous, underWay }: Learnt, seen: readonly TakenHost[]) {
    const open = underWay === null ? null : { name: underWay.version, commit: underWay.commit };
    const wanted = new Map(
      [open, live, previous].flatMap((one) => (one === null ? [] : [[one.commit, one]])),
    );
    const holders = new Map(
      context.environment.hosts.flatMap((host) => {
        const commits = seen.find((one) => one.host === host.name)?.commits;
        return commits === undefined ? [] : [[host, new Set(commits.keys())] as const];
      }),
    );
    return await bringHome(context, [...wanted.values()], holders);
  }

  /** Hosts that are out of their pools because of the lost deployments are ours to bring back. */
  async #inherit(context: DeployContext, { claims }: Learnt): Promise<readonly string[]> {
    const { pools } = context.environment;
    if (pools === null || Object.keys(claims).length === 0) return [];
    await using keeper = new PoolKeeper(context, pools);
    return await keeper.inherit(claims);
  }

  async #remember(
    { stage, environment, board }: DeployContext,
    { live, previous, owing, underWay }: Learnt,
    inherited: readonly string[],
    failed: readonly string[],
  ): Promise<LiveRecord | null> {
    const open: UnderWayRecord | null =
      underWay === null
        ? null
        : {
            adoptedBy: stage.run.id,
            run: underWay.run,
            version: underWay.version,
            parameters: underWay.parameters,
            live: underWay.live?.version ?? null,
          };
    await stage.commitPointer(underWayKey(environment.name), open);
    if (open !== null) {
      stage.log.warn(
        { run: open.run, version: open.version, owing },
        `${open.run} was under way: rota deploy resume goes on with it, rota deploy rollback takes it back`,
      );
    }
    if (live === null) return null;
    const record: LiveRecord = {
      version: live.name,
      commit: live.commit,
      run: stage.run.id,
      at: stage.clock.now().toISOString(),
      previous: previous?.name ?? null,
      owing: {
        ...Object.fromEntries(inherited.map((host) => [host, 'it is out of its pool'])),
        ...owing,
        ...Object.fromEntries(failed.map((host) => [host, board.get(host)?.message ?? 'not taken over'])),
      },
    };
    await stage.commitPointer(liveKey(environment.name), record);
    return record;
  }
}
