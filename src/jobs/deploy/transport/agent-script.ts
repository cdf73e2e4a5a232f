/**
 * The part of Rota that runs on a target while a session lasts: a shell script that comes over the session and leaves
 * nothing behind. It reads requests from its standard input, a line each:
 *
 *     b                 the deploy host lives
 *     i NAME            the next line (as escapeLine makes it) is the input NAME
 *     r ID              the next line is a program: run it
 *     p ID              the same for a plain program (`TargetProgram.plain`)
 *
 * and answers each program with `ID STATUS`, what `wc -c` says of its standard output and error, the bytes of both, and a
 * line feed. What a program of the site leaves behind may go on printing, while it is answered and long after: so each has
 * files of its own, and of them as much is sent as was counted. Plain ones leave nothing that prints, and share theirs:
 * with that last byte `cat` is done with both files.
 *
 * For plain programs a runner waits: a shell in a session of its own, which is told by a pipe what is to be run. So they
 * start no shell, and what they print is counted and printed by the runner itself, which cannot do that with NUL bytes.
 *
 * Its folder is named by the nonce, which nobody knows beforehand, and is not used where something is there already.
 * `read` takes a line byte by byte, in every shell; `head -c` of busybox reads too far.
 *
 * The loop only reads. A program runs in a session of its own (plain ones in the runner's), with nothing on its standard
 * input, and is killed as a group when the input ends or when no `b` came for `leaseSeconds`: a remote process otherwise
 * outlives its client. The runner ends with the loop, or when that, which alone holds the pipe's other end, was killed.
 * What is written to is truncated or deleted by the loop's own shell, so an idle session costs no process.
 *
 * Each `b` is appended: a watch that looked between the truncation of a file and what is then written to it would take a
 * host that has just been heard for one that is not.
 */
export function agentScript(p: { readonly nonce: string; readonly leaseSeconds: number }): string {
  if (!/^[0-9a-f]+$/.test(p.nonce)) throw new TypeError('the nonce must be hexadecimal');
  return `set -u
umask 077
T=\${TMPDIR:-/tmp}/rota.${p.nonce}
mkdir "$T" "$T/in" && mkfifo "$T/do" || exit 71
: >"$T/busy"; echo >"$T/end"; echo 1 >"$T/beat"
run='T=$1; echo $$ >"$T/busy"; IN=$T/in; export IN; umask 022; cd /; i=$2
( . "$T/program" ) >"$T/out$i" 2>"$T/err$i"; s=$?
: >"$T/busy"
printf "%s %s\\n" "$i" "$s"
cd "$T" || exit 1; set -- 0 out 0 err 0
if [ -s "out$i" ] || [ -s "err$i" ]; then set -- $(wc -c "out$i" "err$i"); fi
printf "%s out\\n%s err\\n%s total\\n" "$1" "$3" "$5"
[ "$1" = 0 ] || head -c "$1" "out$i"
[ "$3" = 0 ] || head -c "$3" "err$i"
echo'
runner='T=$1; IN=$T/in; export IN; umask 022; cd /
while read -r i; do
echo $$ >"$T/busy"
( . "$T/program" ) >"$T/out" 2>"$T/err" </dev/null; s=$?
: >"$T/busy"
printf "%s %s\\n" "$i" "$s"
if [ -s "$T/err" ]; then wc -c "$T/out" "$T/err"; cat "$T/out" "$T/err" "$T/end"; continue; fi
out=
while IFS= read -r line || [ -n "$line" ]; do out="$out$line
"; done <"$T/out"
printf "%s out\\n0 err\\n0 total\\n%s\\n" "\${#out}" "$out"
done <"$T/do"'
end='[ ! -s "$T/busy" ] || kill -s KILL -- "-$(cat "$T/busy")" 2>/dev/null
rm -rf "$T"'
setsid sh -c 'T=$1; while sleep "$2"; do
[ -d "$T" ] || exit 0
[ -s "$T/beat" ] || { eval "$4"; kill -s KILL "$3"; exit 0; }
: >"$T/beat"
done' rota-watch "$T" ${Math.ceil(p.leaseSeconds)} $$ "$end" </dev/null >/dev/null 2>&1 &
watch=$! runs=$!
stop() { trap - EXIT HUP INT TERM; eval "$end"; kill -s KILL -- "-$watch" "-$runs" 2>/dev/null; wait "$runs"; exit 0; }
trap stop EXIT HUP INT TERM
setsid sh -c "$runner" rota "$T" </dev/null 2>/dev/null &
runs=$!
exec 8<>"$T/do"
printf '\\nrota-agent %s\\n' ${p.nonce}
while IFS= read -r line; do
case $line in
b) echo 1 >>"$T/beat" ;;
"i "*) IFS= read -r data || break; printf %b "$data" >"$T/in/\${line#i }" ;;
"r "*) IFS= read -r data || break; printf %b "$data" >"$T/program"
setsid sh -c "$run" rota "$T" "\${line#r }" </dev/null 2>/dev/null 8>&- & ;;
"p "*) IFS= read -r data || break; printf %b "$data" >"$T/program"
echo "\${line#p }" >&8 ;;
esac
done
`;
}

/**
 * The command that a target is asked to run. Its first line of input is the script to be evaluated, so that nothing of
 * it stands in a list of processes and the user's login shell has only this to understand.
 */
export const startCommand = `exec sh -c 'LC_ALL=C; export LC_ALL; IFS= read -r a && eval "$(printf %b "$a")"' rota`;
