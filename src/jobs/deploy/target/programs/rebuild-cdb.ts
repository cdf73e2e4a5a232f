import { rebuildScript } from '../../localisation/export-script.ts';
import { fenceArgs } from '../fence.ts';
import { guard, prelude, targetStatus } from '../prelude.ts';
import type { TargetProgram } from '../target-program.ts';
import type { FencedSite } from '../target-site.ts';

export interface RebuildCdbOptions extends FencedSite {
  readonly slot: string;
  /** Folders with a MediaWiki in the slot; '.' is the slot itself. */
  readonly roots: readonly string[];
  readonly php: string;
  /** Processes at once. */
  readonly threads: number;
  /** Whether files that are there already are read, and made anew where they differ. */
  readonly prove: boolean;
}

/** Languages that one process makes. */
const aProcess = 10;

/**
 * Makes the CDB files of a slot in PATH-l10n, where each is called by its SHA-256, and takes those away that no slot names. What is
 * there already is not made again. Ends with the number of files that were made.
 */
export function rebuildCdb(p: RebuildCdbOptions): TargetProgram {
  return {
    name: 'rebuild cdb',
    args: [
      p.path,
      ...fenceArgs(p.fence),
      p.slot,
      p.php,
      String(p.threads),
      p.prove ? 'prove' : 'trust',
      ...p.roots,
    ],
    inputs: [{ name: 'rebuild', bytes: Buffer.from(`<?php${rebuildScript}`) }],
    deadlineMs: p.deadlineMs,
    mutates: true,
    script: `${prelude}${guard}id=$1 php=$2 threads=$3 prove=$4 L=$P-l10n T=\${IN%/in}; shift 4
[ -d "$R/$id" ] && [ -e "$R/$id.commit" ] || die ${targetStatus.notPrepared} "$id"
mkdir -p "$L"
made=0
for root; do
sums=$R/$id/$root/cache/l10n/cdb.sums
[ -e "$sums" ] || continue
: >"$T/todo"
while read -r sum code; do
if [ "$prove" = prove ] && [ -e "$L/$sum.cdb" ]; then is=$(sha256sum <"$L/$sum.cdb"); [ "\${is%% *}" = "$sum" ] || rm -f "$L/$sum.cdb"; fi
[ -s "$L/$sum.cdb" ] || { printf '%s:%s\\n' "$code" "$sum" >>"$T/todo"; made=$((made+1)); }
done <"$sums"
[ -s "$T/todo" ] || continue
command -v "$php" >/dev/null 2>&1 || die ${targetStatus.unfit} "$php"
rm -f "$L"/.*.[0-9]*
if ! xargs -n ${aProcess} -P "$threads" "$php" -d memory_limit=-1 -d display_errors=stderr -d log_errors=0 "$IN/rebuild" "$R/$id/$root" "$L" <"$T/todo" >/dev/null 2>"$T/said"; then
cat "$T/said" >&2
case $(cat "$T/said") in *"has the SHA-256"*) die ${targetStatus.proofFailed} "$(grep -F 'has the SHA-256' "$T/said" | head -n 1)" ;; esac
die 1 "$(grep -v '^[# ]' "$T/said" | grep -F PHP | head -n 1)"
fi
done
named=$(cat "$R"/*.list 2>/dev/null || :)
for file in "$L"/*.cdb; do
case $named in *"\${file##*/}"*) ;; *) rm -f "$file" ;; esac
done
[ "$made" = 0 ] || sync -f "$L"
echo "$made"
`,
  };
}
