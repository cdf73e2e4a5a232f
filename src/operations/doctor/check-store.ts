import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { examineStore, openStore } from '../../composition.ts';
import { describeStore } from '../../config/describe-store.ts';
import type { FarmConfig } from '../../config/farm-config.ts';
import type { Clock } from '../../core/clock.ts';
import { checkActivity } from './check-activity.ts';
import { checkMembers } from './check-members.ts';
import { firstThatExists, mayWrite } from './check-trees.ts';
import { type Finding, fault, faultOf, ok, warning } from './finding.ts';

/** Changes of the clock below this are the daily work of NTP. */
const clockJumpMs = 60_000;

/** Whether the run store can be opened here, and whether what is in it fits this machine's clock. */
export async function checkStore(config: FarmConfig, clock: Clock): Promise<readonly Finding[]> {
  const members = checkMembers(await examineStore(config.store, clock));
  // Without a quorum there is nothing more to ask.
  if (members.some((finding) => finding.level === 'fault')) return members;
  const { store: address } = config;
  if (address.kind === 'sqlite' && !existsSync(address.file)) {
    const { file } = address;
    const folder = await firstThatExists(dirname(file));
    return [
      (await mayWrite(folder))
        ? ok('store', `${file} is not there yet; the first command makes it`)
        : fault(
            'store',
            'STORE_NOT_WRITABLE',
            `${file} cannot be made in ${folder}`,
            'Give the folder to the user that runs Rota.',
          ),
    ];
  }
  try {
    await using store = await openStore(config, clock);
    const generation = await store.readGeneration();
    const [newest] = await store.listRuns({ limit: 1 });
    const aheadMs = (newest?.updatedAt.getTime() ?? 0) - clock.now().getTime();
    const findings = [
      ...members,
      ok('store', `${describeStore(address)} (${store.kind}), generation ${generation}`),
    ];
    if (aheadMs > clockJumpMs) {
      const what = `the run store has changes that are ${Math.round(aheadMs / 1000)} s in the future`;
      findings.push(
        warning('clock', 'CLOCK_WRONG', what, 'The clock has gone back: set it, and keep it with NTP.'),
      );
    }
    const paused = (await store.listPauses()).map((pause) => pause.scope);
    if (paused.length > 0) {
      findings.push(
        warning('store', 'FARM_PAUSED', `paused: ${paused.join(', ')}`, 'rota resume SCOPE lets it go on.'),
      );
    }
    if (await store.readExit()) {
      findings.push(
        warning('store', 'FARM_PAUSED', 'workers are told to end', 'rota resume exit undoes it.'),
      );
    }
    findings.push(...(await checkActivity(config, store, clock)));
    return findings;
  } catch (error) {
    return [...members, faultOf('store', error)];
  }
}
