import type { RunStore } from '../../control/store/run-store.ts';
import type { RunView } from '../../control/store/run-view.ts';
import { isFinished } from '../../core/run-state.ts';
import { type DeployParameters, readParameters } from '../../jobs/deploy/parameters.ts';

/** A deployment that switched hosts, or may have. */
export interface Switching {
  readonly run: RunView;
  readonly parameters: DeployParameters;
  /** The version that it made or found. */
  readonly built: string | undefined;
  /** Its groups that were begun: those of rota.yaml, or `all` at once on the way back. */
  readonly begun: readonly string[];
}

/**
 * The deployments since all hosts were last told to serve the same, which may have left some of them with another version;
 * newest first, like `runs`. What took its hosts back by itself is none of them.
 */
export async function* switchedSince(store: RunStore, runs: readonly RunView[]): AsyncGenerator<Switching> {
  for (const run of runs) {
    const parameters = readParameters(run.parameters);
    const { hosts, groups } = parameters;
    if (isFinished(run.state) && hosts === undefined && groups === undefined) return;
    if (run.error?.code === 'DEPLOY_ROLLED_BACK') continue;
    const stages = (await store.readRun({ id: run.id }))?.stages ?? [];
    const begun = stages
      .filter(({ name, startedAt }) => name.startsWith(rollout) && startedAt !== undefined)
      .map(({ name }) => name.slice(rollout.length));
    if (begun.length === 0) continue;
    const summary = stages.find(({ name }) => name === 'build')?.summary as
      | { readonly version?: string }
      | undefined;
    yield { run, parameters, built: summary?.version, begun };
  }
}

const rollout = 'rollout-';
