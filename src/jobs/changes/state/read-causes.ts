import { type Cause, causeOf, causeTypes } from '../../../dumping/ledger/log-causes.ts';
import { publicLogTypesOf } from '../../../dumping/log-visibility.ts';
import { openWiki, wikiAccess } from '../../../dumping/wiki-access.ts';
import { firstLogSince, readLogs } from '../../../mediawiki/metadata/read-logs.ts';
import type { DayPlan } from '../day/plan-day.ts';
import { type ChangesContext, wikiOf } from '../services.ts';

/**
 * What the public log tells since the day before, and since full dumps that the day is compared with; read right before
 * it is written down, so that nothing is told that was hidden meanwhile. Memory: the entries of those types.
 */
export async function readCauses(
  context: ChangesContext,
  plan: Extract<DayPlan, { kind: 'dump' }>,
  snapshotAt: string,
): Promise<readonly Cause[]> {
  const times = plan.bases.flatMap(({ at }) => (at === null ? [] : [Date.parse(at)]));
  if (times.length === 0) return [];
  const { services, run, signal, log } = context;
  const wiki = wikiOf(services, run.subject);
  await using reading = await openWiki(wikiAccess(wiki), { log, signal });
  const { connection, schema } = reading;
  const fromId = await firstLogSince(connection, schema, new Date(Math.min(...times)), signal);
  if (fromId === null) return [];
  const { excluded } = await publicLogTypesOf(wiki, reading, () => undefined);
  const types = causeTypes.filter((type) => !excluded.includes(type));
  if (types.length === 0) return [];
  const causes: Cause[] = [];
  for await (const batch of readLogs(connection, schema, { fromId, types, signal })) {
    for (const row of batch) {
      const cause = causeOf(row);
      // What was logged after the snapshot did not bring the state about.
      if (cause !== null && Date.parse(cause.log.at) <= Date.parse(snapshotAt)) causes.push(cause);
    }
  }
  return causes;
}
