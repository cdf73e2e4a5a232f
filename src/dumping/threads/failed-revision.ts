import type { RevisionFinding } from '../../export/writer/findings.ts';

/** One entry of a run's failed-revisions list. Its detail (addresses, hosts) is for the private list only. */
export interface FailedRevision extends RevisionFinding {
  readonly page: number;
  readonly revision: number;
}
