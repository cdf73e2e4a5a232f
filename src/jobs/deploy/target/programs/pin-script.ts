/**
 * The program that lies on hosts as PATH-cache/rota-pin: runs a command in the version that is served when it begins. It holds a shared
 * lock on the slot's marker for as long as the command runs, which the system lets go whatever ends it. Words of the command, and the
 * current folder, that lie below PATH are those of the slot: the link may lead elsewhere before the command has ended.
 */
export const pinScript = `#!/bin/sh
set -eu
[ $# -gt 0 ] || { echo 'usage: rota-pin COMMAND [ARGUMENT ...]: runs it in the version that is served now, which stays as it is' >&2; exit 2; }
self=$0; case $self in /*) [ ! -L "$self" ] || self=$(readlink -f "$self") ;; *) self=$(readlink -f "$self") ;; esac
C=\${self%/*} P=\${self%-cache/*}
slot=$(readlink "$P") || { echo "rota-pin: $P serves no version" >&2; exit 1; }
slot=\${slot##*/}
[ -e "$C/revs/$slot.commit" ] || { echo "rota-pin: $P serves no version" >&2; exit 1; }
V=$C/revs/$slot
for word; do
shift
case $word in "$P") word=$V ;; "$P"/*) word=$V\${word#"$P"} ;; esac
set -- "$@" "$word"
done
case $PWD in "$P") cd "$V" ;; "$P"/*) cd "$V\${PWD#"$P"}" ;; esac
ROTA_PINNED=$V; export ROTA_PINNED
exec flock -s "$V.commit" sh -c '[ -d "$ROTA_PINNED" ] && [ -e "$ROTA_PINNED.commit" ] || { echo "rota-pin: $ROTA_PINNED is gone" >&2; exit 1; }
exec "$@"' rota-pin "$@"
`;
