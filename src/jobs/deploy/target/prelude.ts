/** Statuses with which programs end for reasons of their own; failures.ts makes errors of them. */
export const targetStatus = {
  unfit: 60,
  foreignStore: 61,
  stale: 62,
  isFolder: 63,
  notPrepared: 64,
  proofFailed: 65,
  packDamaged: 66,
  noBase: 67,
  cannotWrite: 68,
  relayFailed: 69,
} as const;

/**
 * What every program begins with. `$1` is the path that is deployed; what belongs to it lies beside it in PATH-cache:
 * `revs/ID` (a slot: one whole version), `revs/ID.index` (git's view of it), `repo` (bare), `state`. What
 * lies in a slot beside the version is a link: to `revs/ID.site` (files that were made for this host) or PATH-shared; `ID.list`
 * says what, `ID.sums` what it was when it was made (`declared` says what it is now, `beside` names the links; CDB files in
 * PATH-l10n are read only with `content`, and with `new` need not be there yet; `undisturbed SLOT` says whether both are the same). `clear` starts
 * `rm` only where something is there, `show` prints a small text without a program. `unslot SLOT` takes away all that lies beside a slot that is one no more, whichever transport made it;
 * a pin is a person's. Git reads no
 * configuration but the repository's own: what an administrator of the target sets for himself must change no byte. Where
 * not even a small file can be written, what half a transfer left is taken away first.
 */
export const prelude = `P=$1 C=$1-cache R=$1-cache/revs G=$1-cache/repo S=$1-cache/state; shift
unset GIT_DIR GIT_WORK_TREE GIT_INDEX_FILE GIT_OBJECT_DIRECTORY GIT_ALTERNATE_OBJECT_DIRECTORIES
HOME=$S XDG_CONFIG_HOME=$S GIT_CONFIG_NOSYSTEM=1 GIT_CONFIG_GLOBAL=/dev/null GIT_ATTR_NOSYSTEM=1 GIT_OPTIONAL_LOCKS=0
export HOME XDG_CONFIG_HOME GIT_CONFIG_NOSYSTEM GIT_CONFIG_GLOBAL GIT_ATTR_NOSYSTEM GIT_OPTIONAL_LOCKS
die() { code=$1; shift; printf '%s\\n' "$*" >&2; exit "$code"; }
put() { note "$1" "$2" || { rm -f "$C"/incoming/*; note "$1" "$2"; } || die ${targetStatus.cannotWrite} "$1"; mv -f "$1.new" "$1"; }
note() { (printf '%s\\n' "$2" >"$1.new") 2>/dev/null; }
clear() { for one; do if [ -e "$one" ] || [ -L "$one" ]; then rm -rf "$@"; return 0; fi; done; }
show() { while IFS= read -r line || [ -n "$line" ]; do printf '%s\\n' "$line"; done; }
get() { if [ -e "$1" ]; then IFS= read -r line <"$1" || :; printf '%s\\n' "$line"; fi; }
slotgit() { slot=$1; shift; GIT_INDEX_FILE=$R/$slot.index git --git-dir="$G" --work-tree="$R/$slot" "$@"; }
beside() { { echo VERSION.json; [ ! -e "$R/$1.list" ] || cut -f4 "$R/$1.list"; } | sort; }
declared() { [ -e "$R/$2.list" ] || return 0
while IFS='\t' read -r kind mode group path target; do
file=$R/$2.site/$path sum=- state=ok
if [ "$kind" = f ]; then
if [ -f "$file" ]; then sum=$(sha256sum <"$file"); sum=\${sum%% *}; 
if [ -z "$(find "$file" -perm "$mode")" ]; then state=mode; elif [ "$group" != - ] && [ -z "$(find "$file" -group "$group")" ]; then state=group; fi
else state=missing; fi
elif [ "$kind" = d ] && [ ! -d "$P-shared/$path" ]; then state=missing
elif [ "$kind" = c ] && [ "\${3:-}" != new ]; then
file=$P-l10n/\${target##*/}
if [ ! -s "$file" ]; then state=missing; elif [ "\${3:-}" = content ]; then sum=$(sha256sum <"$file"); [ "\${sum%% *}.cdb" != "\${target##*/}" ] || sum=-; fi
fi
printf '%s\\t%s\\t%s\\t%s\\n' "$sum" "$state" "$path" "$(readlink "$R/$1/$path" || echo none)"
done <"$R/$2.list"; }
undisturbed() { [ ! -e "$R/$1.list" ] || [ "$(declared "$1" "$1" "\${2:-}")" = "$(cat "$R/$1.sums" 2>/dev/null)" ]; }
unslot() { for end in commit index version tree hashes stat json left site list sums; do set -- "$@" "$R/$1.$end"; done; shift; rm -rf "$@"; }
live() { if [ -L "$P" ]; then l=$(readlink "$P"); case $l in "\${P##*/}-cache/revs/"*) printf '%s\\n' "\${l##*/}" ;; esac; fi; }
`;

/**
 * The fence of programs that change something: `$1` store, `$2` generation, `$3` counter. Whoever comes with an older
 * token than was seen here is a deployer that another has replaced. The lock is held until the program ends, so that
 * what a killed deployer left running cannot come between.
 */
export const guard = `[ -d "$S" ] || mkdir -p "$R" "$S"
exec 9>"$S/lock"; flock 9
if [ -e "$S/fence" ]; then
read -r fstore fgeneration fcounter <"$S/fence"
[ "$fstore" = "$1" ] || die ${targetStatus.foreignStore} "$fstore"
[ "$2" -gt "$fgeneration" ] || { [ "$2" -eq "$fgeneration" ] && [ "$3" -ge "$fcounter" ]; } || die ${targetStatus.stale} "$fgeneration.$fcounter"
fence="$fstore $fgeneration $fcounter"
else fence=; fi
[ "$fence" = "$1 $2 $3" ] || put "$S/fence" "$1 $2 $3"
shift 3
`;
