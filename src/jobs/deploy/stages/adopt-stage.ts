import type { TargetHost } from '../../../config/environment-config.ts';
import { done, type StageOutcome } from '../../../control/stage.ts';
import { RotaError } from '../../../core/errors/rota-error.ts';
import { knownVersionsKey, type LiveRecord, liveKey } from '../records.ts';
import { adopt } from '../target/programs/adopt.ts';
import { type Observation, observe, parseObservation } from '../target/programs/observe.ts';
import { type DeployContext, DeployStage, describeFailures } from './deploy-stage.ts';

/**
 * Takes an environment over from a run store that is gone for good: its hosts refuse that store from now on, and what
 * they serve and hold is learnt from them, so that a rollback needs nothing of the old deploy host.
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
    if (failed.length > 0) {
      throw new RotaError(
        'DEPLOY_FAILED',
        `Not every host could be taken over: ${describeFailures(board, failed)}`,
      );
    }
    const versions = Object.fromEntries(
      seen.flatMap(({ commits }) => [...commits].map(([commit, name]) => [name, commit])),
    );
    await stage.commitPointer(knownVersionsKey(environment.name), versions);
    const live = await this.#learn(context, seen);
    return done({ hosts: seen.length, live: live?.version ?? null, versions: Object.keys(versions).length });
  }

  async #take(context: DeployContext, host: TargetHost, note: string): Promise<Observation> {
    const { fleet, stage } = context;
    const site = context.siteOf(host);
    const result = await fleet.run(host, observe({ ...site, prove: 'no' }), stage.signal);
    await fleet.run(host, adopt({ ...site, note }), stage.signal);
    return parseObservation(result.stdout);
  }

  /** What most hosts serve is live; what most served before is where a rollback goes. */
  async #learn(context: DeployContext, seen: readonly Observation[]): Promise<LiveRecord | null> {
    const { stage, environment } = context;
    const current = commonest(seen.map((one) => nameOf(one, one.current)));
    if (current === null) return null;
    const record: LiveRecord = {
      version: current.name,
      commit: current.commit,
      run: stage.run.id,
      at: stage.clock.now().toISOString(),
      previous:
        commonest(seen.map((one) => nameOf(one, one.previous)).filter((one) => one?.name !== current.name))
          ?.name ?? null,
      owing: {},
    };
    await stage.commitPointer(liveKey(environment.name), record);
    return record;
  }
}

function nameOf(seen: Observation, slot: string | null) {
  const commit = slot === null ? undefined : seen.slots.get(slot);
  const name = commit === undefined ? undefined : seen.commits.get(commit);
  return commit === undefined || name === undefined ? null : { name, commit };
}

function commonest(values: readonly ({ readonly name: string; readonly commit: string } | null)[]) {
  const counts = new Map<
    string,
    { readonly value: { readonly name: string; readonly commit: string }; count: number }
  >();
  for (const value of values) {
    if (value === null) continue;
    const entry = counts.get(value.commit) ?? { value, count: 0 };
    entry.count++;
    counts.set(value.commit, entry);
  }
  return [...counts.values()].toSorted((a, b) => b.count - a.count)[0]?.value ?? null;
}
