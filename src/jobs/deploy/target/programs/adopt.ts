import { fenceArgs } from '../fence.ts';
import { prelude } from '../prelude.ts';
import type { TargetProgram } from '../target-program.ts';
import type { FencedSite } from '../target-site.ts';

export interface AdoptOptions extends FencedSite {
  /** Who, when, why: kept on the host. */
  readonly note: string;
}

/** Puts our fence in the place of another store's, whose deployers are refused from then on. Says what was deployed last. */
export function adopt(p: AdoptOptions): TargetProgram {
  return {
    name: 'adopt',
    args: [p.path, ...fenceArgs(p.fence), p.note],
    deadlineMs: p.deadlineMs,
    mutates: true,
    script: `${prelude}[ -d "$S" ] || exit 0
exec 9>"$S/lock"; flock 9
printf '%s was %s: %s\\n' "$1 $2 $3" "$(get "$S/fence")" "$4" >>"$S/adopted"
put "$S/fence" "$1 $2 $3"
sync -f "$S"
if [ -e "$S/deployment" ]; then cat "$S/deployment"; fi
`,
  };
}
