import { guard, prelude, targetStatus } from '../prelude.ts';
import type { TargetProgram } from '../target-program.ts';
import { keepAssets } from './keep-assets.ts';
import { assetArgs, type PublishAssetsOptions } from './publish-assets-options.ts';

/** What `publishAssets` is where hosts hold files without git: the files come from a slot of the version, which was proven. */
export function publishAssetFiles(p: PublishAssetsOptions): TargetProgram {
  return {
    name: 'assets',
    args: assetArgs(p),
    deadlineMs: p.deadlineMs,
    mutates: true,
    script: `${prelude}${guard}commit=$1 hash=$2 seconds=$3 keep=$4 prove=$5 A=$P-assets; shift 5
mkdir -p "$A"
touch "$A/.order"
said=kept
if [ ! -d "$A/$hash" ] || [ "$prove" = yes ]; then
from=
for mark in "$R"/*.commit; do
slot=\${mark%.commit}
# The newest is the one that was proven last: the one that is served may have been changed.
if [ -d "$slot" ] && [ "$(get "$mark")" = "$commit" ]; then
if [ -z "$from" ] || [ "$mark" -nt "$from.commit" ]; then from=$slot; fi
fi
done
[ -n "$from" ] || die ${targetStatus.noBase} "$commit"
rm -rf "$A/.making"; mkdir "$A/.making"
for path; do
[ -e "$from/$path" ] || [ -L "$from/$path" ] || die ${targetStatus.noBase} "$commit:$path"
case $path in */*) mkdir -p "$A/.making/\${path%/*}" ;; esac
cp -a "$from/$path" "$A/.making/$path"
done
find "$A/.making" -exec touch -h -d "@$seconds" {} +
if [ ! -d "$A/$hash" ]; then
said=published
sync -f "$A/.making"
mv -T "$A/.making" "$A/$hash"
elif ! diff -rq --no-dereference "$A/.making" "$A/$hash" >/dev/null 2>&1; then
said=repaired
export A hash
(cd "$A/$hash" && find . ! -type d -exec sh -c 'for file; do [ -e "$A/.making/$file" ] || [ -L "$A/.making/$file" ] || rm -f -- "$file"; done' rota {} +)
(cd "$A/.making" && find . ! -type d -exec sh -c 'for file; do to=$A/$hash/$file
if [ ! -L "$file" ] && [ ! -L "$to" ] && cmp -s -- "$file" "$to"; then continue; fi
[ ! -d "$to" ] || [ -L "$to" ] || rm -rf "$to"
mkdir -p "\${to%/*}"; mv -f -- "$file" "$to"; done' rota {} +)
sync -f "$A"
fi
rm -rf "$A/.making"
fi
${keepAssets}`,
  };
}
