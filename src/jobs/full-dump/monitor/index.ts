import type { JobMonitoring } from '../../definition/job-monitoring.ts';
import { buryDeadRuns } from './bury-dead-runs.ts';
import { completeRedactions } from './complete-redactions.ts';
import { type FollowedPointers, followPointers } from './follow-pointers.ts';
import { renderIndex } from './index-pages.ts';
import { isWorkspaceNeeded } from './needed-workspaces.ts';
import { keepNewestDates } from './retention.ts';
import { withdrawPrivateWikis } from './withdraw-private-wikis.ts';

/** What keeps the published dumps in order. */
export function fullDumpMonitoring(): JobMonitoring {
  const followed: FollowedPointers = new Map();
  return {
    chores: [
      { phase: 'withdraw', name: 'private wikis', run: withdrawPrivateWikis },
      { phase: 'follow', name: 'publication', run: (sweep) => followPointers(sweep, followed) },
      { phase: 'status', name: 'status files', run: buryDeadRuns },
      { phase: 'status', name: 'redactions', run: completeRedactions },
      { phase: 'retention', name: 'retention', run: keepNewestDates },
      { phase: 'index', name: 'index pages', run: renderIndex },
    ],
    isWorkspaceNeeded,
  };
}
