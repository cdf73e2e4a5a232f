import type { EnvironmentConfig, TargetHost } from '../../../config/environment-config.ts';
import { Stage, type StageContext, type StageOutcome } from '../../../control/stage.ts';
import { RotaError } from '../../../core/errors/rota-error.ts';
import type { Fleet, HostOutcome } from '../fleet/fleet.ts';
import { HostBoard } from '../fleet/host-board.ts';
import { StepJournal } from '../fleet/step-journal.ts';
import { type DeployParameters, readParameters } from '../parameters.ts';
import { withHostsOfRun } from '../pools/hosts-of-pool.ts';
import { storeIdKey } from '../records.ts';
import { type DeployServices, targetPath } from '../services.ts';
import { type Fence, fenceOf } from '../target/fence.ts';
import { type Observation, observe, parseObservation } from '../target/programs/observe.ts';
import type { FencedSite } from '../target/target-site.ts';

/** The version that a run deploys, as the stage `build` found it. */
export interface ChosenVersion {
  readonly version: string;
  readonly commit: string;
}

/** What a stage of a deployment has at hand. */
export interface DeployContext {
  readonly stage: StageContext<DeployServices>;
  readonly environment: EnvironmentConfig;
  readonly parameters: DeployParameters;
  readonly fleet: Fleet;
  readonly board: HostBoard;
  readonly fence: Fence;
  /** Hosts that still take part, in the order of the file. */
  active(): readonly TargetHost[];
  siteOf(host: TargetHost): FencedSite;
  /** What this process saw of a host, or sees now. */
  look(host: TargetHost): Promise<Observation>;
}

/** The longest that any stage may take: what hangs, hangs on a host, and each step there has a deadline of its own. */
const stageDeadlineMs = 6 * 3_600_000;

/**
 * A stage of a deployment: subclasses say what they do, with the hosts that are left, in `deploy`. What one that touches hosts
 * has done to each is a program, made by its pure method `local`.
 */
export abstract class DeployStage extends Stage<DeployServices> {
  readonly deadlineMs: number = stageDeadlineMs;

  /** For a plan: what it would do, a few words each; none: nothing that its name does not say. */
  plan(): readonly string[] {
    return [];
  }

  protected abstract deploy(context: DeployContext): Promise<StageOutcome>;

  async run(stage: StageContext<DeployServices>): Promise<StageOutcome> {
    const environment = await withHostsOfRun(stage.services.environment(stage.run.subject), stage);
    const parameters = readParameters(stage.run.parameters);
    const board = await HostBoard.open(stage.workspace);
    board.revive(this.name);
    const fence = fenceOf(await storeIdOf(stage), stage.token);
    const wanted = parameters.hosts;
    const hosts = environment.hosts.filter((host) => wanted === undefined || wanted.includes(host.name));
    try {
      const fleet = stage.services.fleet(environment);
      using journal = new StepJournal(stage.workspace);
      using _steps = fleet.listen(({ error, ...step }) =>
        journal.append({
          at: stage.clock.now().toISOString(),
          stage: this.name,
          ...step,
          ...(error === undefined ? {} : { code: error.code, message: error.message }),
        }),
      );
      const siteOf = (host: TargetHost) => ({
        path: targetPath(environment, host),
        deadlineMs: environment.deadlineMs,
        holds: environment.holds,
        fence,
      });
      return await this.deploy({
        stage,
        environment,
        parameters,
        fleet,
        board,
        fence,
        active: () => hosts.filter((host) => board.get(host.name)?.state !== 'failed'),
        siteOf,
        look: async (host) => {
          const known = stage.services.seen.get(host.name);
          if (known !== undefined) return known;
          const result = await fleet.run(host, observe({ ...siteOf(host), prove: 'no' }), stage.signal);
          const seen = parseObservation(result.stdout);
          stage.services.seen.set(host.name, seen);
          return seen;
        },
      });
    } finally {
      await board.save();
    }
  }

  /** The version of the run. */
  protected async chosen(context: DeployContext): Promise<ChosenVersion> {
    const summary = (await context.stage.summaryOf('build')) as ChosenVersion | undefined;
    if (summary?.commit === undefined)
      throw new RotaError('INTERNAL', `${context.stage.run.id} has no version yet`);
    return summary;
  }

  /**
   * Works on hosts at once and takes those that fail out of the deployment. Progress is told by the host.
   * @throws RotaError DEPLOY_FAILED when a group lost more hosts than it may
   */
  protected async onHosts<T>(
    context: DeployContext,
    hosts: readonly TargetHost[],
    work: (host: TargetHost) => Promise<T>,
    atOnce?: number,
  ): Promise<readonly HostOutcome<T>[]> {
    const { stage, fleet, board } = context;
    let finished = 0;
    const progress = () => stage.progress({ done: finished, total: hosts.length, unit: 'hosts' });
    progress();
    const outcomes = await fleet.each(hosts, work, {
      signal: stage.signal,
      ...(atOnce === undefined ? {} : { atOnce }),
      onOutcome: (outcome) => {
        finished++;
        progress();
        // Where the deployment itself is stopped, hosts in hand have not failed.
        if (outcome.ok || stage.signal.aborted) return;
        board.fail(outcome.host.name, this.name, outcome.error);
        stage.log.warn(
          { host: outcome.host.name, code: outcome.error.code, err: outcome.error },
          'a host failed',
        );
      },
    });
    return outcomes;
  }

  /** @throws RotaError DEPLOY_FAILED when, before anything was switched, a group has lost more hosts than it may */
  protected refuseAboveLimit(context: DeployContext): void {
    // On the way back every host that can be reached is worth it.
    if (context.parameters.kind === 'rollback' && context.active().length > 0) return;
    for (const group of context.environment.groups) {
      const failed = group.hosts.filter((host) => context.board.get(host)?.state === 'failed');
      if (failed.length <= group.failureLimit) continue;
      throw new RotaError(
        'DEPLOY_FAILED',
        `${describeFailures(context.board, failed)}; group ${group.name} may lose ${group.failureLimit}: no host was switched`,
        { facts: { group: group.name, hosts: failed } },
      );
    }
  }
}

/** `mw3: … (and 4 more)`: the first tells most, all are in the log. */
export function describeFailures(board: HostBoard, hosts: readonly string[]): string {
  const [first, ...more] = hosts;
  const message = first === undefined ? '' : (board.get(first)?.message ?? 'failed');
  const named = first !== undefined && message.includes(first) ? message : `${first}: ${message}`;
  return more.length === 0
    ? named
    : `${named} (and ${more.length} more: ${more.slice(0, 5).join(', ')}${more.length > 5 ? ' …' : ''})`;
}

/** Invented when the store first deploys; targets refuse what another store sends. */
async function storeIdOf(stage: StageContext<DeployServices>): Promise<string> {
  const known = await stage.readPointer(storeIdKey);
  if (typeof known === 'string') return known;
  return await stage.withLease(storeIdKey, async () => {
    const other = await stage.readPointer(storeIdKey);
    if (typeof other === 'string') return other;
    const id = crypto.randomUUID();
    await stage.commitPointer(storeIdKey, id);
    return id;
  });
}
