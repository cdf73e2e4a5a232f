import { holdLease } from '../../../control/hold-lease.ts';
import { subjectLeaseKey } from '../../../control/store/lease.ts';
import { isRotaError } from '../../../core/errors/rota-error.ts';
import type { Sweep } from '../../definition/job-monitoring.ts';
import { fullDumpName } from '../name.ts';
import { completeWiki } from '../redaction/redact-wiki.ts';
import { parseRedactionOrder, redactionPrefix } from '../redaction/redaction-order.ts';

/**
 * Brings files and checksums to what a redaction had published when its process died, and says that it did not come to
 * its end: what it had not reached still shows the revisions. Gives the wikis.
 */
export async function completeRedactions(sweep: Sweep): Promise<readonly string[]> {
  const { store, config, log } = sweep;
  const brokenOff: string[] = [];
  for (const { key, value } of await store.listPointers({ prefix: redactionPrefix })) {
    const order = parseRedactionOrder(key, value);
    const wiki = config.wikis.get(key.slice(redactionPrefix.length));
    if (order?.state !== 'begun' || wiki === undefined) continue;
    try {
      await holdLease(sweep, subjectLeaseKey(fullDumpName, wiki.name), async (guard) => {
        const tools = { ...sweep, webRoot: config.web.rootUrl, signingKey: config.signingKey };
        await completeWiki(tools, wiki);
        await store.commitPointer({ key, value: { ...order, state: 'broken-off' }, guard });
      });
      brokenOff.push(wiki.name);
      const command = `rota dump redact ${wiki.name} --rev ${order.revisions.join(' ')}`;
      log.error(
        { wiki: wiki.name, revisions: order.revisions },
        `a redaction broke off: what it had not reached still shows the revisions; do it again: ${command}`,
      );
    } catch (error) {
      // Its process is at it.
      if (!isRotaError(error, 'LEASE_HELD')) throw error;
    }
  }
  return brokenOff;
}
