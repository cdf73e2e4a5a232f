import { prelude } from '../prelude.ts';
import type { TargetProgram } from '../target-program.ts';
import type { TargetSite } from '../target-site.ts';

export interface GiveVersionsOptions extends TargetSite {
  readonly commits: readonly string[];
}

/** Prints whole versions as one pack: for a deploy host that lost them. Without differences between files, as they are sent. */
export function giveVersions(p: GiveVersionsOptions): TargetProgram {
  return {
    name: 'give',
    args: [p.path, ...p.commits],
    deadlineMs: p.deadlineMs,
    mutates: false,
    script: `${prelude}printf '%s\\n' "$@" | git --git-dir="$G" pack-objects --revs --stdout -q --delta-base-offset --window=0
`,
  };
}
