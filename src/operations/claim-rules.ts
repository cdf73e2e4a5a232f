import type { FarmConfig } from '../config/farm-config.ts';
import type { ClaimRules } from '../control/store/run-store.ts';
import { fullDumpName } from '../jobs/full-dump/index.ts';

/** What limits claims, as the configuration says now. */
export function claimRules(config: FarmConfig): ClaimRules {
  return {
    slotLimits: Object.fromEntries(config.slots),
    resumeWithinMs: { [fullDumpName]: config.jobs.fullDump.settings.resumeWithinMs },
  };
}
