import { fenceArgs } from '../fence.ts';
import { guard, prelude, targetStatus } from '../prelude.ts';
import type { TargetProgram } from '../target-program.ts';
import type { FencedSite } from '../target-site.ts';

export interface PublishAssetsOptions extends FencedSite {
  readonly commit: string;
  /** Names the state of the assets: the same files have the same. */
  readonly hash: string;
  /** Of the version: every host gives a file the same time, and so the same ETag. */
  readonly seconds: number;
  readonly paths: readonly string[];
  /** How many states stay. */
  readonly keep: number;
}

/**
 * Puts the static files of a version into PATH-assets/HASH, beside those of versions before: a page of a host that serves
 * the new version finds its files on one that does not yet. What is there already is not written again.
 */
export function publishAssets(p: PublishAssetsOptions): TargetProgram {
  return {
    name: 'assets',
    args: [p.path, ...fenceArgs(p.fence), p.commit, p.hash, String(p.seconds), String(p.keep), ...p.paths],
    deadlineMs: p.deadlineMs,
    mutates: true,
    script: `${prelude}${guard}commit=$1 hash=$2 seconds=$3 keep=$4 A=$P-assets; shift 4
mkdir -p "$A"
touch "$A/.order"
said=kept
if [ ! -d "$A/$hash" ]; then
said=published
rm -rf "$A/.making"; mkdir "$A/.making"
I=\${IN%/in}/assets.index; rm -f "$I"
for path; do
git --git-dir="$G" cat-file -e "$commit:$path" 2>/dev/null || die ${targetStatus.noBase} "$commit:$path"
done
GIT_INDEX_FILE=$I git --git-dir="$G" read-tree "$commit"
GIT_INDEX_FILE=$I git --git-dir="$G" ls-files -z -- "$@" | GIT_INDEX_FILE=$I git --git-dir="$G" --work-tree="$A/.making" checkout-index -z --stdin --prefix="$A/.making/"
rm -f "$I"
find "$A/.making" -exec touch -h -d "@$seconds" {} +
sync -f "$A/.making"
mv -T "$A/.making" "$A/$hash"
fi
{ grep -vxF -e "$hash" "$A/.order" || :; printf '%s\\n' "$hash"; } >"$A/.order.new"
mv -f "$A/.order.new" "$A/.order"
count=$(wc -l <"$A/.order")
while [ "$count" -gt "$keep" ]; do
IFS= read -r old <"$A/.order"
rm -rf "$A/\${old:?}"
sed 1d "$A/.order" >"$A/.order.new"; mv -f "$A/.order.new" "$A/.order"
count=$((count-1))
done
echo "$said"
`,
  };
}
