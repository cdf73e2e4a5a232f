import { fenceArgs } from '../fence.ts';
import { listing } from '../listing.ts';
import { guard, prelude, targetStatus } from '../prelude.ts';
import type { ProgramInput, TargetProgram } from '../target-program.ts';
import { furnish } from './furnish.ts';
import type { PrepareOptions } from './prepare-options.ts';
import { makingName } from './receive-files.ts';

/**
 * What `prepare` is where files come by rsync: proves that the folder holds exactly what the lists of the version say (paths, types, modes,
 * what links say, the SHA-256 of every file), then gives it its name. Says `lacks` where there is no such folder, and `differs` where it
 * is something else and may be sent once more.
 */
export function prepareFiles(p: PrepareOptions, inputs: readonly ProgramInput[]): TargetProgram {
  const { digest = '-', version = '-', isLastTry = true } = p.manifest ?? {};
  return {
    name: 'prepare',
    args: [
      p.path,
      ...fenceArgs(p.fence),
      p.slot,
      p.commit,
      makingName(p.fence),
      digest,
      version,
      isLastTry ? 'last' : 'more',
      p.content === null ? 'proven' : 'make',
    ],
    inputs,
    deadlineMs: p.deadlineMs,
    mutates: true,
    script: `${prelude}${guard}${listing}id=$1 commit=$2 making=$3 list=$C/incoming/$4 version=$5 try=$6 make=$7
cat "$IN/record" >"$S/deployment.new" || die ${targetStatus.cannotWrite} "$S/deployment"
mv -f "$S/deployment.new" "$S/deployment"
if [ -d "$R/$id" ] && { [ "$(live)" = "$id" ] || proven "$id"; }; then rm -f "$IN"/file-*; echo kept; exit 0; fi
[ "$make" = make ] || die ${targetStatus.notPrepared} "$id"
if [ ! -d "$R/$making" ] || [ ! -e "$list.tree" ] || [ ! -e "$list.hashes" ]; then echo lacks; exit 0; fi
sum=$(cat "$list.tree" "$list.hashes" | sha256sum); [ "\${sum%% *}" = "$4" ] || { rm -f "$list".*; echo lacks; exit 0; }
U=$(id -u)
find "$R/$making" ! -type l ! -user "$U" -exec chown -h "$U" {} +
chmod 0755 "$R/$making"
tree "$making" >"$IN/../tree"
hashes "$making" >"$IN/../hashes"
if ! cmp -s "$IN/../tree" "$list.tree" || ! cmp -s "$IN/../hashes" "$list.hashes"; then
[ "$try" = last ] || { echo differs; exit 0; }
first=$({ comm -z -3 "$IN/../tree" "$list.tree"; comm -z -3 "$IN/../hashes" "$list.hashes" 2>/dev/null; } | head -z -n 1 | tr '\\n\\t\\0' '?  ')
die ${targetStatus.proofFailed} "the files differ from the version right after they were sent:$first"
fi
if [ -d "$R/$id" ]; then rm -rf "$R/trash"; unslot "$id"; mv -T "$R/$id" "$R/trash"; rm -rf "$R/trash"; fi
mv -f "$list.tree" "$R/$id.tree"
mv -f "$list.hashes" "$R/$id.hashes"
${furnish}stats "$making" >"$R/$id.stat"
put "$R/$id.version" "$version"
put "$R/$id.commit" "$commit"
sync -f "$R/$making"
mv -T "$R/$making" "$R/$id"
echo made
`,
  };
}
