import type { FarmConfig } from '../../config/farm-config.ts';
import type { FullDumpServices } from '../../jobs/full-dump/services.ts';
import type { Trees } from '../../publish/workspace/tree.ts';
import type { LeaseTools } from './hold-lease.ts';

/** What a chore of the monitor works with: the farm as its configuration is at this sweep. */
export interface Sweep extends LeaseTools {
  readonly config: FarmConfig;
  readonly trees: Trees;
  readonly services: FullDumpServices;
  readonly signal: AbortSignal;
}
