import { fenceArgs } from '../fence.ts';
import { guard, prelude } from '../prelude.ts';
import type { TargetProgram } from '../target-program.ts';
import type { FencedSite } from '../target-site.ts';
import { findRecyclable } from './recyclable.ts';
import { sharing } from './sharing.ts';

export interface FinalizeOptions extends FencedSite {
  readonly keep: number;
  readonly minAgeMs: number;
  readonly unseenProcesses: 'in-use' | 'ignore';
  readonly spare: boolean;
}

const packsBeforeRepack = 50;

const gitVersions = `held=
for mark in "$R"/*.commit; do held="$held $(get "$mark")"; done
if [ -e "$G/packed-refs" ] || [ -d "$G/reftable" ]; then git --git-dir="$G" for-each-ref --format='%(objectname) %(refname)' refs/rota
else
# As git would say it, without starting it: mostly there is nothing to take away.
for ref in "$G"/refs/rota/*; do
case $ref in *.lock) continue ;; esac
{ IFS= read -r commit <"$ref"; } 2>/dev/null && printf '%s %s\\n' "$commit" "refs/rota/\${ref##*/}" || :
done
fi | while read -r commit ref; do
case $held in *"$commit"*) ;; *) git --git-dir="$G" update-ref -d "$ref" ;; esac
done
set -- "$4" "$G"/objects/pack/*.pack
if [ $# -gt ${packsBeforeRepack} ]; then git --git-dir="$G" repack -adq; git --git-dir="$G" prune --expire=now; fi
`;

const checkOutSpare = `setsid nice -n 19 sh -c 'exec 8>"$S/spare.lock"; flock -n 8 || exit 0
rm -rf "$R/spare.making" "$R/spare.making.index" "$R/spare.making.index.lock"; mkdir "$R/spare.making"
${sharing}rmdir "$R/spare.making"; shares "$R/$2" "$R/spare.making" || mkdir "$R/spare.making"
GIT_INDEX_FILE=$R/spare.making.index git --git-dir="$G" --work-tree="$R/spare.making" read-tree --reset -u "$1" || exit 1
sync -f "$R/spare.making"
mv -f "$R/spare.making.index" "$R/spare.index"
mv -T "$R/spare.making" "$R/spare"' rota-spare "$(get "$R/$cur.commit")" "$cur" </dev/null >/dev/null 2>&1 9>&- &
`;

/** What differs from the next version rsync brings, whatever is in it. */
const copySpare = `setsid nice -n 19 sh -c 'exec 8>"$S/spare.lock"; flock -n 8 || exit 0
rm -rf "$R/spare.making"
cp -a --reflink=auto "$R/$1" "$R/spare.making" && sync -f "$R/spare.making" && mv -T "$R/spare.making" "$R/spare"' rota-spare "$cur" </dev/null >/dev/null 2>&1 9>&- &
`;

/**
 * Removes slots above the number that is kept (one of them stays as a spare, to be made into the next version), and versions
 * that no slot holds. Where the next deployment would find nothing to recycle, it leaves a process behind that makes a spare,
 * at the lowest priority.
 */
export function finalize(p: FinalizeOptions): TargetProgram {
  return {
    name: 'finalize',
    args: [
      p.path,
      ...fenceArgs(p.fence),
      String(p.keep),
      String(Math.ceil(p.minAgeMs / 1000)),
      p.unseenProcesses,
      p.spare ? 'spare' : 'none',
    ],
    deadlineMs: p.deadlineMs,
    mutates: true,
    plain: true,
    script: `${prelude}${guard}${findRecyclable}keep=$1 age=$2 unseen=$3
while old=$(recyclable $((keep+1)) "$age" "$unseen") && [ -n "$old" ]; do
# What is too much is the best spare there is: nothing need be written for it.
if [ "$4" = spare ] && [ ! -d "$R/spare" ]; then
rm -f "$R/$old.commit" "$R/spare.index"
[ ! -e "$R/$old.index" ] || mv -f "$R/$old.index" "$R/spare.index"
mv -T "$R/$old" "$R/spare"
else mv -T "$R/$old" "$R/trash"; fi
rm -rf "$R/trash"; unslot "$old"
done
clear "$R/trash" "$C"/incoming/* "$R"/making.[0-9]*
${p.holds === 'files' ? 'set -- "$4"\n' : gitVersions}[ ! -e "$S/deployment" ] || get "$S/deployment" >"$S/ended"
cur=$(live)
if [ "$1" = spare ] && [ -n "$cur" ] && [ ! -d "$R/spare" ] && [ -z "$(recyclable "$keep" "$age" "$unseen")" ]; then
export S R G
${p.holds === 'files' ? copySpare : checkOutSpare}fi
`,
  };
}
