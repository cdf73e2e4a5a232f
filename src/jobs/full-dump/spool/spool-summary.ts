import type { SpoolConsistency } from '../../../dumping/spool/spool-manifest.ts';

/** What the manifest and later stages need of the spool. */
export interface SpoolSummary {
  readonly consistency: SpoolConsistency;
  readonly pages: number;
  readonly revisions: number;
  readonly contentBytes: number;
  readonly greatestPageId: number;
  /** Revisions that two snapshots showed under different pages: only the first is in the dump. */
  readonly doubled: readonly number[];
}
