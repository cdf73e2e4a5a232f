import { posix } from 'node:path';
import { type ContentEntry, contentList } from '../../content/host-content.ts';
import { fenceArgs } from '../fence.ts';
import { guard, prelude, targetStatus } from '../prelude.ts';
import type { ProgramInput, TargetProgram } from '../target-program.ts';
import type { FencedSite } from '../target-site.ts';
import { pinScript } from './pin-script.ts';
import { findRecyclable } from './recyclable.ts';
import { sharing } from './sharing.ts';

export interface PrepareOptions extends FencedSite {
  readonly slot: string;
  readonly commit: string;
  /** VERSION.json */
  readonly description: Uint8Array;
  /** What the host keeps of the deployment. */
  readonly record: Uint8Array;
  readonly keep: number;
  readonly minAgeMs: number;
  readonly unseenProcesses: 'in-use' | 'ignore';
  /** What lies beside the version; null: the slot must be there as it is, nothing is made. */
  readonly content: readonly ContentEntry[] | null;
}

/**
 * Makes a slot hold exactly a version and proves it: what git's index says of every file (lstat), nothing that is not
 * in the version, and modes. Only what differs from the slot that is recycled is written. A slot gets its name when
 * it is proven and on the disk: whatever is interrupted lies in `making` and is gone on with by the next try.
 */
export function prepare(p: PrepareOptions): TargetProgram {
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
    script: `${prelude}${guard}${findRecyclable}${sharing}id=$1 commit=$2 keep=$3 age=$4 unseen=$5 make=$6
cat "$IN/record" >"$S/deployment.new" || die ${targetStatus.cannotWrite} "$S/deployment"
mv -f "$S/deployment.new" "$S/deployment"
git --git-dir="$G" cat-file -e "$commit^{tree}" 2>/dev/null || die ${targetStatus.noBase} "$commit"
# Whole once is not whole now: a slot that was changed since is made anew, but for the one that is served.
proven() { slotgit "$id" diff-files --quiet && [ "$(cd "$R/$id" && slotgit "$id" ls-files --others)" = "$(beside "$id")" ] && [ "$(declared "$id" "$id")" = "$(cat "$R/$id.sums" 2>/dev/null)" ]; }
if [ -d "$R/$id" ]; then
if [ "$(live)" = "$id" ] || proven; then rm -f "$IN"/file-*; echo kept; exit 0; fi
fi
[ "$make" = make ] || die ${targetStatus.notPrepared} "$id"
if [ -d "$R/$id" ]; then
rm -rf "$R/making" "$R/making.index"
mv -f "$R/$id.index" "$R/making.index"; mv -T "$R/$id" "$R/making"
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
rm -rf "$R/$old.commit" "$R/$old.json" "$R/$old.left" "$R/$old.site" "$R/$old.list" "$R/$old.sums"
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
cat "$IN/version" >"$R/$id.json"
[ -e "$R/making/VERSION.json" ] || [ -L "$R/making/VERSION.json" ] || ln -s "../$id.json" "$R/making/VERSION.json"
# A secret is never readable by others, not even for a moment.
clear "$R/$id.site" "$R/$id.list" "$R/$id.sums"
if [ -s "$IN/list" ]; then
n=0
while IFS='\t' read -r kind mode group path target; do
case $path in */*) mkdir -p "$R/making/\${path%/*}" ;; esac
if [ "$kind" = f ]; then
file=$R/$id.site/$path; mkdir -p "\${file%/*}"
(umask 077; cat "$IN/file-$n" >"$file"); rm -f "$IN/file-$n"; n=$((n+1))
elif [ "$kind" != c ]; then file=$P-shared/$path; mkdir -p "\${file%/*}"; fi
if [ "$kind" = f ] || { [ "$kind" = d ] && [ ! -d "$file" ]; }; then
[ "$kind" = f ] || mkdir "$file"
[ "$group" = - ] || chgrp "$group" "$file"
chmod "$mode" "$file"
fi
ln -s "$target" "$R/making/$path"
done <"$IN/list"
cat "$IN/list" >"$R/$id.list"
declared making "$id" new >"$R/$id.sums"
if [ -d "$R/$id.site" ]; then sync -f "$R/$id.site"; fi
fi
cat >"$C/rota-pin.new" <<'ROTA_PIN'
${pinScript}ROTA_PIN
chmod 0755 "$C/rota-pin.new"; mv -f "$C/rota-pin.new" "$C/rota-pin"
put "$R/$id.commit" "$commit"
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
