import { parseRecord, type RunRecord } from '../../fleet/run-record.ts';
import { fenceArgs } from '../fence.ts';
import { prelude } from '../prelude.ts';
import type { TargetProgram } from '../target-program.ts';
import type { FencedSite } from '../target-site.ts';

export interface AdoptOptions extends FencedSite {
  /** Who, when, why: kept on the host. */
  readonly note: string;
}

/** What a host knows of the deployment that came to it last: `deployment`, `ended` and `run` of its state. */
export interface LastDeployment {
  readonly record: RunRecord | null;
  /** Whether it came to its end here. */
  readonly ended: boolean;
  /** The run that last switched it. */
  readonly switchedBy: string | null;
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
get "$S/run"; [ -e "$S/run" ] || echo
if [ "$(get "$S/ended")" = "$(get "$S/deployment")" ]; then echo ended; else echo open; fi
if [ -e "$S/deployment" ]; then cat "$S/deployment"; fi
`,
  };
}

/** @param stdout of {@link adopt}; empty where nothing was ever deployed */
export function parseLastDeployment(stdout: Buffer): LastDeployment {
  const [switchedBy = '', ended, ...rest] = stdout.toString().split('\n');
  return {
    record: parseRecord(rest.join('\n')),
    ended: ended === 'ended',
    switchedBy: switchedBy === '' ? null : switchedBy,
  };
}
