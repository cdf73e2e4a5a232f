import { type Cause, causeOf, causeTypes } from '../../../dumping/ledger/log-causes.ts';
import { publicLogTypesOf } from '../../../dumping/log-visibility.ts';
import { openWiki, wikiAccess } from '../../../dumping/wiki-access.ts';
import { readLogs } from '../../../mediawiki/metadata/read-logs.ts';
import type { DayPlan } from '../day/plan-day.ts';
import { type ChangesContext, wikiOf } from '../services.ts';

/**
 * What the public log tells since the day before, and since full dumps that the day is compared with; read right before
 * it is written down, so that nothing is told that was hidden meanwhile. Memory: the entries of those types.
 * @param greatestLogId of the snapshot: what was logged after it did not bring the state about
 */
export async function readCauses(
  context: ChangesContext,
  plan: Extract<DayPlan, { kind: 'dump' }>,
  greatestLogId: number,
): Promise<readonly Cause[]> {
  const known = plan.bases.flatMap(({ logs }) => (logs === null ? [] : [logs]));
  if (known.length === 0) return [];
  const fromId = Math.min(...known) + 1;
  const { services, run, signal, log } = context;
  const wiki = wikiOf(services, run.subject);
  await using reading = await openWiki(wikiAccess(wiki), { log, signal });
  const { connection, schema } = reading;
  const { excluded } = await publicLogTypesOf(wiki, reading, () => undefined);
  const types = causeTypes.filter((type) => !excluded.includes(type));
  if (types.length === 0) return [];
  const causes: Cause[] = [];
  for await (const batch of readLogs(connection, schema, {
    fromId,
    toId: greatestLogId + 1,
    types,
    signal,
  })) {
    for (const row of batch) {
      const cause = causeOf(row);
      if (cause !== null) causes.push(cause);
    }
  }
  return causes;
}
