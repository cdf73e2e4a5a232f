import { guard, prelude, targetStatus } from '../prelude.ts';
import type { TargetProgram } from '../target-program.ts';
import { keepAssets } from './keep-assets.ts';
import { publishAssetFiles } from './publish-asset-files.ts';
import { assetArgs, type PublishAssetsOptions } from './publish-assets-options.ts';

export type { PublishAssetsOptions } from './publish-assets-options.ts';

/**
 * Puts the static files of a version into PATH-assets/HASH, beside those of versions before: a page of a host that serves
 * the new version finds its files on one that does not yet. What is there already is not written again. Git's index of a state
 * is kept with it, so that `verify` need not read every file. A file that is restored is there all the time.
 */
export function publishAssets(p: PublishAssetsOptions): TargetProgram {
  if (p.holds === 'files') return publishAssetFiles(p);
  return {
    name: 'assets',
    args: assetArgs(p),
    deadlineMs: p.deadlineMs,
    mutates: true,
    script: `${prelude}${guard}commit=$1 hash=$2 seconds=$3 keep=$4 prove=$5 A=$P-assets I=\${IN%/in}/assets.index; shift 5
GIT_LITERAL_PATHSPECS=1; export GIT_LITERAL_PATHSPECS
mkdir -p "$A"
touch "$A/.order"
said=kept
files() { GIT_INDEX_FILE=$I git --git-dir="$G" --work-tree="$A/$hash" "$@"; }
indexed() { cd "$A/$hash"; files update-index -q --refresh >/dev/null 2>&1 || :; cd /; }
if [ ! -d "$A/$hash" ]; then
said=published
rm -rf "$A/.making"; mkdir "$A/.making"
rm -f "$I"
for path; do
git --git-dir="$G" cat-file -e "$commit:$path" 2>/dev/null || die ${targetStatus.noBase} "$commit:$path"
done
GIT_INDEX_FILE=$I git --git-dir="$G" read-tree "$commit"
GIT_INDEX_FILE=$I git --git-dir="$G" ls-files -z -- "$@" | GIT_INDEX_FILE=$I git --git-dir="$G" --work-tree="$A/.making" checkout-index -z --stdin --prefix="$A/.making/"
find "$A/.making" -exec touch -h -d "@$seconds" {} +
sync -f "$A/.making"
mv -T "$A/.making" "$A/$hash"
indexed
mv -f "$I" "$A/.$hash.index"
elif [ "$prove" = yes ]; then
rm -f "$I"; GIT_INDEX_FILE=$I git --git-dir="$G" read-tree "$commit"
indexed
cd "$A/$hash"
if ! files diff-files --quiet -- "$@" || [ -n "$(files ls-files --others | head -n 1)" ]; then
said=repaired
export A hash
files ls-files --others -z | xargs -0 -r rm -f --
rm -rf "$A/.making"; mkdir "$A/.making"
files diff-files --name-only -z -- "$@" | GIT_INDEX_FILE=$I git --git-dir="$G" --work-tree="$A/.making" checkout-index -z --stdin --prefix="$A/.making/"
cd "$A/.making"
find . ! -type d -exec touch -h -d "@$seconds" {} +
find . ! -type d -exec sh -c 'for file; do to=$A/$hash/$file
[ ! -d "$to" ] || [ -L "$to" ] || rm -rf "$to"
mkdir -p "\${to%/*}"; mv -f "$file" "$to"; done' rota {} +
cd /; rm -rf "$A/.making"; sync -f "$A"
indexed
fi
mv -f "$I" "$A/.$hash.index"; cd /
fi
${keepAssets}`,
  };
}
