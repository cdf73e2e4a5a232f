import type { RunStore } from '../../control/store/run-store.ts';
import type { RunView } from '../../control/store/run-view.ts';
import { deployName } from '../../jobs/deploy/name.ts';
import { parseVersionName } from '../../jobs/deploy/version/version.ts';

/** Newest first. */
export async function deploymentsOf(
  store: RunStore,
  environment: string,
  limit = 50,
): Promise<readonly RunView[]> {
  const runs = await store.listRuns({ job: deployName, subject: environment, limit });
  return runs.toSorted((a, b) => serialOf(b) - serialOf(a));
}

export function serialOf(run: RunView): number {
  return parseVersionName(run.date)?.serial ?? 0;
}
