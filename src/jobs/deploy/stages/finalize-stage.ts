import { done, doneWithErrors, type StageOutcome } from '../../../control/stage.ts';
import { type LiveRecord, liveKey } from '../records.ts';
import { type FinalizeOptions, finalize } from '../target/programs/finalize.ts';
import type { TargetProgram } from '../target/target-program.ts';
import { type DeployContext, DeployStage, describeFailures } from './deploy-stage.ts';

/** Remembers what the environment serves now, and clears up on the hosts. */
export class FinalizeStage extends DeployStage {
  readonly name = 'finalize';

  /** How a host clears up. */
  local(p: FinalizeOptions): TargetProgram {
    return finalize(p);
  }

  protected async deploy(context: DeployContext): Promise<StageOutcome> {
    const { environment, stage, fleet, board, parameters } = context;
    const { version, commit } = await this.chosen(context);
    const failed = board.inState('failed');
    const key = liveKey(environment.name);
    const before = (await stage.readPointer(key)) as LiveRecord | null | undefined;
    const owing = Object.fromEntries(failed.map((host) => [host, board.get(host)?.message ?? 'failed']));
    if (parameters.groups === undefined) {
      const isSame = before?.version === version;
      const previous = isSame ? before.previous : (before?.version ?? null);
      const byRollback = parameters.kind === 'rollback' || (isSame && before.byRollback === true);
      // Hosts of an earlier deployment that are not part of this one owe what they owed.
      const older = Object.entries(isSame ? before.owing : {}).filter(([host]) => !board.all.has(host));
      const live: LiveRecord = {
        version,
        commit,
        run: stage.run.id,
        at: stage.clock.now().toISOString(),
        previous,
        ...(byRollback ? { byRollback } : {}),
        owing: { ...Object.fromEntries(older), ...owing },
      };
      await stage.commitPointer(key, live);
    }
    const outcomes = await fleet.each(
      context.active().filter((host) => board.get(host.name)?.before !== board.get(host.name)?.slot),
      (host) =>
        fleet.run(
          host,
          this.local({ ...context.siteOf(host), keep: environment.keep, ...environment.slots }),
          stage.signal,
        ),
      { signal: stage.signal },
    );
    const untidy = outcomes.filter((outcome) => !outcome.ok);
    for (const outcome of untidy) {
      // It serves the version; clearing up is tried again with the next deployment.
      if (!outcome.ok)
        stage.log.warn({ host: outcome.host.name, err: outcome.error }, 'a host was not cleared up');
    }
    const all = board.all.size;
    const hosts = all === 1 ? '1 host' : `${all} hosts`;
    const where = failed.length === 0 ? hosts : `${all - failed.length} of ${hosts}`;
    const what = parameters.groups === undefined ? '' : ` (groups ${parameters.groups.join(', ')})`;
    stage.services
      .notifier(environment)
      .tell(
        `${environment.name}: ${version} is on ${where}${what}${parameters.message === undefined ? '' : `: ${parameters.message}`}`,
        { run: stage.run.id, state: failed.length === 0 ? 'done' : 'done-with-errors', version },
        stage.log,
      );
    const summary = { version, hosts: context.active().length, failed: failed.slice(0, 50) };
    if (failed.length === 0) return done(summary);
    return doneWithErrors(
      `${failed.length} of ${board.all.size} hosts ${failed.length === 1 ? 'does' : 'do'} not serve ${version} as ${failed.length === 1 ? 'it' : 'they'} should: ${describeFailures(board, failed)}`,
      summary,
    );
  }
}
