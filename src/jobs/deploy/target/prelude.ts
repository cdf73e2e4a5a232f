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
} as const;

/**
 * What every program begins with. `$1` is the path that is deployed; what belongs to it lies beside it in PATH-cache:
 * `revs/ID` (a slot: one whole version), `revs/ID.index` (git's view of it), `repo` (bare), `state`. Git reads no
 * configuration but the repository's own: what an administrator of the target sets for himself must change no byte.
 */
export const prelude = `P=$1 C=$1-cache R=$1-cache/revs G=$1-cache/repo S=$1-cache/state; shift
unset GIT_DIR GIT_WORK_TREE GIT_INDEX_FILE GIT_OBJECT_DIRECTORY GIT_ALTERNATE_OBJECT_DIRECTORIES
HOME=$S XDG_CONFIG_HOME=$S GIT_CONFIG_NOSYSTEM=1 GIT_CONFIG_GLOBAL=/dev/null GIT_ATTR_NOSYSTEM=1 GIT_OPTIONAL_LOCKS=0
export HOME XDG_CONFIG_HOME GIT_CONFIG_NOSYSTEM GIT_CONFIG_GLOBAL GIT_ATTR_NOSYSTEM GIT_OPTIONAL_LOCKS
die() { code=$1; shift; printf '%s\\n' "$*" >&2; exit "$code"; }
put() { printf '%s\\n' "$2" >"$1.new"; mv -f "$1.new" "$1"; }
get() { if [ -e "$1" ]; then IFS= read -r line <"$1" || :; printf '%s\\n' "$line"; fi; }
slotgit() { slot=$1; shift; GIT_INDEX_FILE=$R/$slot.index git --git-dir="$G" --work-tree="$R/$slot" "$@"; }
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
