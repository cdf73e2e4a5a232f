import { fenceArgs } from '../fence.ts';
import { guard, prelude, targetStatus } from '../prelude.ts';
import type { TargetProgram } from '../target-program.ts';
import type { FencedSite } from '../target-site.ts';

export interface PromoteOptions extends FencedSite {
  readonly slot: string;
  readonly run: string;
}

/**
 * Serves a slot: one rename of a symbolic link, so that a path is always there and always whole. A host that has not
 * proven the slot is refused; one that serves it already does nothing.
 */
export function promote(p: PromoteOptions): TargetProgram {
  return {
    name: 'promote',
    args: [p.path, ...fenceArgs(p.fence), p.slot, p.run],
    deadlineMs: p.deadlineMs,
    mutates: true,
    plain: true,
    script: `${prelude}${guard}[ -d "$R/$1" ] && [ -e "$R/$1.commit" ] || die ${targetStatus.notPrepared} "$1"
cur=$(live)
if [ "$cur" = "$1" ]; then echo kept; exit 0; fi
if [ -e "$P" ] && [ ! -L "$P" ]; then die ${targetStatus.isFolder} "$P"; fi
put "$S/run" "$2"
if [ -n "$cur" ]; then put "$S/previous" "$cur"; date +%s >"$R/$cur.left"; fi
ln -sfn "\${P##*/}-cache/revs/$1" "$C/next"
mv -T "$C/next" "$P"
clear "$R/$1.left"
# Only what was written here: syncing the whole file system would wait for everybody else's files.
sync "$S/run" "$S/previous" "$S" "\${P%/*}" 2>/dev/null || sync -f "$S"
echo "switched $cur"
`,
  };
}
