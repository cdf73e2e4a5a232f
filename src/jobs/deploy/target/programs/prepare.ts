import { posix } from 'node:path';
import { contentList } from '../../content/host-content.ts';
import { fenceArgs } from '../fence.ts';
import { guard, prelude, targetStatus } from '../prelude.ts';
import type { ProgramInput, TargetProgram } from '../target-program.ts';
import { furnish } from './furnish.ts';
import { madeAs } from './made-as.ts';
import { prepareFiles } from './prepare-files.ts';
import type { PrepareOptions } from './prepare-options.ts';
import { findRecyclable } from './recyclable.ts';
import { sharing } from './sharing.ts';

export type { PrepareOptions } from './prepare-options.ts';

/**
 * Makes a slot hold exactly a version and proves it: what git's index says of every file (lstat), nothing that is not
 * in the version, and modes. Only what differs from the slot that is recycled is written. A slot gets its name when
 * it is proven and on the disk: whatever is interrupted lies in `making` and is gone on with by the next try.
 */
export function prepare(p: PrepareOptions): TargetProgram {
  if (p.holds === 'files') return prepareFiles(p, inputsOf(p));
  return {
    name: 'prepare',
    args: [
      p.path,
      ...fenceArgs(p.fence),
      p.slot,
      p.commit,
      String(p.keep),
      String(Math.ceil(p.minAgeMs / 1000)),
      p.unseenProcesses,
      p.content === null ? 'proven' : 'make',
    ],
    inputs: inputsOf(p),
    deadlineMs: p.deadlineMs,
    mutates: true,
    plain: true,
    script: `${prelude}${guard}${madeAs}${findRecyclable}${sharing}id=$1 commit=$2 keep=$3 age=$4 unseen=$5 make=$6
put "$S/deployment" "$(get "$IN/record")"
# Whole once is not whole now: a slot that was changed since is made anew, but for the one that is served.
proven() { slotgit "$id" diff-files --quiet && [ "$(cd "$R/$id" && slotgit "$id" ls-files --others)" = "$(beside "$id")" ] && undisturbed "$id" && ordinary "$id"; }
if [ -d "$R/$id" ]; then
if [ "$(live)" = "$id" ] || proven; then rm -f "$IN"/file-*; echo kept; exit 0; fi
fi
[ "$make" = make ] || die ${targetStatus.notPrepared} "$id"
if [ -d "$R/$id" ]; then
rm -rf "$R/making" "$R/making.index"
[ ! -e "$R/$id.index" ] || mv -f "$R/$id.index" "$R/making.index"
mv -T "$R/$id" "$R/making"
unslot "$id"
how=renewed
elif [ -d "$R/making" ]; then how=continued
else
clear "$R/making.index"
old=$(recyclable "$keep" "$age" "$unseen")
if [ -z "$old" ] && [ ! -d "$R/spare" ] && [ -e "$S/spare.lock" ]; then flock "$S/spare.lock" true; fi
if [ -z "$old" ] && [ -d "$R/spare" ]; then old=spare; fi
if [ -n "$old" ]; then
how="recycled $old"
[ ! -e "$R/$old.index" ] || mv -f "$R/$old.index" "$R/making.index"
mv -T "$R/$old" "$R/making"
unslot "$old"
elif [ -n "$(live)" ] && shares "$R/$(live)" "$R/making"; then how=shared
else how=new; mkdir "$R/making"; fi
fi
clear "$R/making.index.lock"
fill() {
slotgit making read-tree --reset -u "$commit" &&
(cd "$R/making" && slotgit making clean -qffdx) &&
slotgit making diff-files --quiet
}
# Mostly what lies there is in nobody's way: cleaning first would only be one more walk through all files.
if ! fill 2>/dev/null; then
git --git-dir="$G" cat-file -e "$commit^{tree}" 2>/dev/null || die ${targetStatus.noBase} "$commit"
if [ -e "$R/making.index" ]; then rm -f "$R/making.index.lock"; (cd "$R/making" && slotgit making clean -qffdx) || :; fi
if ! fill; then
# Something in the slot defeats git: what is left of it is not worth saving.
rm -rf "$R/making" "$R/making.index" "$R/making.index.lock"; mkdir "$R/making"; how=anew
fill || die ${targetStatus.proofFailed} "the files differ from the version right after they were written"
fi
fi
U=$(id -u)
find "$R/making" ! -type l \\( ! -user "$U" -o -type d ! -perm 0755 -o -type f ! -perm 0644 ! -perm 0755 \\) -exec chown -h "$U" {} + -exec echo mended \\; >"$IN/../mended"
if [ -s "$IN/../mended" ]; then
# What X means after u= is not the same in every chmod, and not every find carries out a + within brackets.
find "$R/making" -type d ! -perm 0755 -exec chmod 0755 {} +
find "$R/making" -type f -perm -0100 ! -perm 0755 -exec chmod 0755 {} +
find "$R/making" -type f ! -perm -0100 ! -perm 0644 -exec chmod 0644 {} +
slotgit making update-index -q --refresh
fi
making=making
${furnish}put "$R/$id.commit" "$commit"
mv -f "$R/making.index" "$R/$id.index"
sync -f "$R/making"
mv -T "$R/making" "$R/$id"
echo "$how"
`,
  };
}

function inputsOf(p: PrepareOptions): readonly ProgramInput[] {
  const content = p.content ?? [];
  const list = contentList(content, p.slot, posix.basename(p.path));
  const files = content.flatMap(({ bytes }) => (bytes === null ? [] : [bytes]));
  return [
    { name: 'version', bytes: p.description },
    { name: 'record', bytes: p.record },
    { name: 'list', bytes: Buffer.from(list) },
    ...files.map((bytes, i) => ({ name: `file-${i}`, bytes })),
  ];
}
