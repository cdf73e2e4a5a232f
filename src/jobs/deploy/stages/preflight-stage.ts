import { randomUUID } from 'node:crypto';
import type { TargetHost } from '../../../config/environment-config.ts';
import { done, type StageOutcome } from '../../../control/stage.ts';
import { refuseHost } from '../fleet/refuse-host.ts';
import { instancesKey, type KnownInstances, type LiveRecord, liveKey } from '../records.ts';
import { RateChecks } from '../rollout/checks/rate-checks.ts';
import { type ObserveOptions, observe, parseObservation } from '../target/programs/observe.ts';
import { install } from '../target/programs/receive.ts';
import type { TargetProgram } from '../target/target-program.ts';
import { type DeployContext, DeployStage } from './deploy-stage.ts';

/** Connects to every host, sees what it serves and whether it can be deployed to. Changes nothing that is served. */
export class PreflightStage extends DeployStage {
  readonly name = 'preflight';
  readonly #meanwhile: ((context: DeployContext) => Promise<void>) | null;

  /** @param meanwhile what is done on this machine while hosts answer; it must not throw */
  constructor(meanwhile: ((context: DeployContext) => Promise<void>) | null = null) {
    super();
    this.#meanwhile = meanwhile;
  }

  /** How a host looks at itself; what it answers is read by `parseObservation`. */
  local(p: ObserveOptions): TargetProgram {
    return observe(p);
  }

  protected async deploy(context: DeployContext): Promise<StageOutcome> {
    const looking = this.#lookAtAll(context);
    const meanwhile = this.#meanwhile?.(context);
    try {
      return await looking;
    } finally {
      // Whatever came of the hosts: nothing is left at work when the stage ends, as another process may be next.
      await meanwhile;
    }
  }

  async #lookAtAll(context: DeployContext): Promise<StageOutcome> {
    const { stage, environment, board, parameters } = context;
    const live = (await stage.readPointer(liveKey(environment.name))) as LiveRecord | null | undefined;
    const hosts = environment.hosts.filter(
      (host) => context.active().includes(host) || board.get(host.name)?.state === 'failed',
    );
    const key = instancesKey(environment.name);
    const instances = ((await stage.readPointer(key)) ?? {}) as KnownInstances;
    const found: Record<string, string> = { ...instances };
    await this.onHosts(context, hosts, async (host) => {
      found[host.name] = await this.#look(context, host, instances[host.name] ?? null, Boolean(live));
    });
    await board.save();
    const isSame = hosts.every(({ name }) => found[name] === instances[name]);
    if (!isSame) await stage.commitPointer(key, found);
    this.refuseAboveLimit(context);
    await new RateChecks(stage.services.looks).begin(context, context.active());
    const { kind, message } = parameters;
    stage.services
      .notifier(environment)
      .tell(
        `${environment.name}: ${kind} begins${message === undefined ? '' : `: ${message}`}`,
        { run: stage.run.id, state: 'running', version: null },
        stage.log,
      );
    const lost = board.inState('failed');
    return done({ hosts: hosts.length - lost.length, lost: lost.slice(0, 50), live: live?.version ?? null });
  }

  /**
   * A host that shows another name than before, or none where something is live, is another machine or has lost what it held: it
   * has to prove all that it says.
   * @returns the name that it was given when it was first deployed to
   */
  async #look(
    context: DeployContext,
    host: TargetHost,
    known: string | null,
    isLive: boolean,
  ): Promise<string> {
    const { fleet, board, stage, parameters, environment } = context;
    const site = context.siteOf(host);
    const prove = parameters.kind === 'rollback' ? 'no' : parameters.kind === 'repair' ? 'content' : 'stat';
    const look = async (how: typeof prove) =>
      parseObservation((await fleet.run(host, this.local({ ...site, prove: how }), stage.signal)).stdout);
    let seen = await look(prove);
    const { owner } = environment.content;
    refuseHost(host.name, { path: site.path, store: site.fence.store, owner }, seen);
    const instance = seen.instance ?? randomUUID();
    const isOther = known !== null && known !== instance;
    // One that knows no version may have been deployed to another way.
    if (seen.instance === null || seen.commits.size === 0)
      await fleet.run(host, install({ ...site, instance }), stage.signal);
    if (isOther && seen.instance !== null && prove !== 'content') seen = await look('content');
    if (isOther) stage.log.warn({ host: host.name }, 'a host is another than before, or was made anew');
    board.see(host.name, seen.current, seen.previous, isOther || (isLive && seen.instance === null));
    stage.services.seen.set(host.name, seen);
    return instance;
  }
}
