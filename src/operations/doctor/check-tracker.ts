import type { FarmConfig } from '../../config/farm-config.ts';
import type { Clock } from '../../core/clock.ts';
import type { Log } from '../../core/log.ts';
import { trySource } from '../../jobs/report/phabricator/source/try-source.ts';
import { type Finding, faultOf, ok } from './finding.ts';

/** Whether the tracker can be read from here with the account or token that rota.yaml has. */
export async function checkTracker(
  tracker: FarmConfig['phabricator'],
  tools: { readonly clock: Clock; readonly log: Log; readonly signal: AbortSignal },
): Promise<readonly Finding[]> {
  if (tracker === null) return [];
  const area = `tracker ${tracker.name}`;
  try {
    return [ok(area, `it ${await trySource(tracker.source, tools)}`)];
  } catch (error) {
    tools.signal.throwIfAborted();
    return [faultOf(area, error)];
  }
}
