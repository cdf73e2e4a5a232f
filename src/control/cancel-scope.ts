import { isRotaError } from '../core/errors/rota-error.ts';
import { parseRunId, type RunId } from '../core/ids.ts';
import { unfinishedStates } from '../core/run-state.ts';
import type { RunFilter, RunStore } from './store/run-store.ts';
import type { PauseScope } from './store/run-view.ts';

const pageSize = 500;

/** Cancels all unfinished runs of a scope that exist now; runs that are created later are not touched. */
export async function cancelScope(p: {
  readonly store: RunStore;
  readonly scope: Exclude<PauseScope, 'maintenance'>;
  readonly by: string;
}): Promise<readonly RunId[]> {
  const cancelled: RunId[] = [];
  for (const id of await runsIn(p.store, p.scope)) {
    try {
      await p.store.requestRun({ id, request: 'cancel', by: p.by });
      cancelled.push(id);
    } catch (error) {
      // It has ended since it was listed.
      if (!isRotaError(error, 'RUN_STATE', 'RUN_UNKNOWN')) throw error;
    }
  }
  return cancelled;
}

async function runsIn(store: RunStore, scope: Exclude<PauseScope, 'maintenance'>): Promise<readonly RunId[]> {
  const name = scope.slice(scope.indexOf('/') + 1);
  if (scope.startsWith('run/')) return [parseRunId(name).id];
  const only: RunFilter = scope.startsWith('job/')
    ? { job: name }
    : scope.startsWith('subject/')
      ? { subject: name }
      : {};
  const ids: RunId[] = [];
  for (;;) {
    const last = ids.at(-1);
    const page = await store.listRuns({
      ...only,
      states: unfinishedStates,
      limit: pageSize,
      ...(last === undefined ? {} : { after: last }),
    });
    ids.push(...page.map((run) => run.id));
    if (page.length < pageSize) return ids;
  }
}
