import { randomUUID } from 'node:crypto';
import type { TargetHost } from '../../../config/environment-config.ts';
import { done, type StageOutcome } from '../../../control/stage.ts';
import { refuseHost } from '../fleet/refuse-host.ts';
import { type LiveRecord, liveKey } from '../records.ts';
import { RateChecks } from '../rollout/checks/rate-checks.ts';
import { type ObserveOptions, observe, parseObservation } from '../target/programs/observe.ts';
import { install } from '../target/programs/receive.ts';
import type { TargetProgram } from '../target/target-program.ts';
import { type DeployContext, DeployStage } from './deploy-stage.ts';

/** Connects to every host, sees what it serves and whether it can be deployed to. Changes nothing that is served. */
export class PreflightStage extends DeployStage {
  readonly name = 'preflight';

  /** How a host looks at itself; what it answers is read by `parseObservation`. */
  local(p: ObserveOptions): TargetProgram {
    return observe(p);
  }

  protected async deploy(context: DeployContext): Promise<StageOutcome> {
    const { stage, environment, board, parameters } = context;
    const live = (await stage.readPointer(liveKey(environment.name))) as LiveRecord | null | undefined;
    const hosts = environment.hosts.filter(
      (host) => context.active().includes(host) || board.get(host.name)?.state === 'failed',
    );
    await this.onHosts(context, hosts, (host) => this.#look(context, host));
    await board.save();
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

  async #look(context: DeployContext, host: TargetHost): Promise<void> {
    const { fleet, board, stage, parameters, environment } = context;
    const site = context.siteOf(host);
    const prove = parameters.kind === 'rollback' ? 'no' : parameters.kind === 'repair' ? 'content' : 'stat';
    const result = await fleet.run(host, this.local({ ...site, prove }), stage.signal);
    const seen = parseObservation(result.stdout);
    const { owner } = environment.content;
    refuseHost(host.name, { path: site.path, store: site.fence.store, owner }, seen);
    // One that knows no version may have been deployed to another way.
    if (seen.instance === null || seen.commits.size === 0)
      await fleet.run(host, install({ ...site, instance: randomUUID() }), stage.signal);
    board.see(host.name, seen.current, seen.previous);
    stage.services.seen.set(host.name, seen);
  }
}
