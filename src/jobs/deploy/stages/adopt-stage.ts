import type { TargetHost } from '../../../config/environment-config.ts';
import { done, type StageOutcome } from '../../../control/stage.ts';
import { RotaError } from '../../../core/errors/rota-error.ts';
import { parseRecord, type RunRecord } from '../fleet/run-record.ts';
import { knownVersionsKey, type LiveRecord, liveKey } from '../records.ts';
import { adopt } from '../target/programs/adopt.ts';
import { type Observation, observe, parseObservation } from '../target/programs/observe.ts';
import { parseVersionName } from '../version/version.ts';
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
    return done({
      hosts: seen.length,
      live: live?.version ?? null,
      versions: Object.keys(versions).length,
      ...(live === null ? {} : { owing: Object.keys(live.owing).length }),
    });
  }

  async #take(context: DeployContext, host: TargetHost, note: string): Promise<Taken> {
    const { fleet, stage } = context;
    const site = context.siteOf(host);
    const result = await fleet.run(host, observe({ ...site, prove: 'no' }), stage.signal);
    const said = await fleet.run(host, adopt({ ...site, note }), stage.signal);
    const last = parseRecord(said.stdout.toString());
    return { ...parseObservation(result.stdout), host: host.name, last };
  }

  /**
   * What most hosts serve is live; what most served before is where a rollback goes. Where a deployment had come to some hosts
   * only, its version is live, and the others owe it: so it can be finished (catch-up) or taken back.
   */
  async #learn(context: DeployContext, seen: readonly Taken[]): Promise<LiveRecord | null> {
    const { stage, environment } = context;
    const open = underWay(seen);
    const serves = (one: Taken) => nameOf(one, one.current);
    const current = open === null ? commonest(seen.map(serves)) : { name: open.version, commit: open.commit };
    if (current === null) return null;
    const owing = open === null ? [] : seen.filter((one) => serves(one)?.commit !== open.commit);
    const before = commonest(
      seen.map((one) => nameOf(one, one.previous)).filter((one) => one?.name !== current.name),
    );
    const record: LiveRecord = {
      version: current.name,
      commit: current.commit,
      run: stage.run.id,
      at: stage.clock.now().toISOString(),
      previous: open?.live?.version ?? before?.name ?? null,
      owing: Object.fromEntries(owing.map(({ host }) => [host, `${open?.run} had not come to it`])),
    };
    await stage.commitPointer(liveKey(environment.name), record);
    if (open !== null) {
      stage.log.warn(
        { run: open.run, version: open.version, hosts: owing.map(({ host }) => host) },
        `${open.run} was under way: rota deploy catch-up finishes it, rota deploy rollback takes it back`,
      );
    }
    return record;
  }
}

/** A host as it was taken over. */
interface Taken extends Observation {
  readonly host: string;
  /** The deployment that last made a version ready on it. */
  readonly last: RunRecord | null;
}

/** The newest deployment, if some hosts serve its version and others do not yet. */
function underWay(seen: readonly Taken[]): RunRecord | null {
  const records = seen.flatMap(({ last }) => (last === null ? [] : [last]));
  const newest = records.reduce<RunRecord | null>(
    (best, one) => (best === null || serialOf(one) > serialOf(best) ? one : best),
    null,
  );
  if (newest === null || newest.groups !== null) return null;
  const serving = seen.filter((one) => nameOf(one, one.current)?.commit === newest.commit);
  return serving.length > 0 && serving.length < seen.length ? newest : null;
}

function serialOf({ run }: RunRecord): number {
  return parseVersionName(run.split('/').at(-1) ?? '')?.serial ?? 0;
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
