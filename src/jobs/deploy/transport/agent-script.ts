/**
 * The part of Rota that runs on a target while a session lasts: a shell script that comes over the session and leaves
 * nothing behind. It reads requests from its standard input, a line each:
 *
 *     b                 the deploy host lives
 *     i NAME            the next line (as escapeLine makes it) is the input NAME
 *     r ID              the next line is a program: run it
 *
 * and answers each program with `ID STATUS`, what `wc -c` says of its standard output and error, the bytes of both, and a
 * line feed. With that last byte `cat` is done with both files, so the next program may write them.
 * Its folder is named by the nonce, which nobody knows beforehand, and is not used where something is there already.
 * `read` takes a line byte by byte, in every shell; `head -c` of busybox reads too far.
 *
 * The loop only reads. A program runs in a session of its own, with nothing on its standard input, and is killed as a
 * group when the input ends or when no `b` came for `leaseSeconds`: a remote process otherwise outlives its client.
 * What is written to is truncated or deleted by the loop's own shell, so an idle session costs no process.
 */
export function agentScript(p: { readonly nonce: string; readonly leaseSeconds: number }): string {
  if (!/^[0-9a-f]+$/.test(p.nonce)) throw new TypeError('the nonce must be hexadecimal');
  return `set -u
umask 077
T=\${TMPDIR:-/tmp}/rota.${p.nonce}
mkdir "$T" "$T/in" || exit 71
: >"$T/busy"; echo >"$T/end"; echo 1 >"$T/beat"
run='T=$1; echo $$ >"$T/busy"; IN=$T/in; export IN; umask 022; cd /; i=$2
( . "$T/program" ) >"$T/out" 2>"$T/err"; s=$?
: >"$T/busy"
printf "%s %s\\n" "$i" "$s"
if [ -s "$T/out" ] || [ -s "$T/err" ]; then wc -c "$T/out" "$T/err"; exec cat "$T/out" "$T/err" "$T/end"; fi
printf "0 out\\n0 err\\n0 total\\n\\n"'
end='[ ! -s "$T/busy" ] || kill -s KILL -- "-$(cat "$T/busy")" 2>/dev/null
rm -rf "$T"'
setsid sh -c 'T=$1; while sleep "$2"; do
[ -d "$T" ] || exit 0
[ -s "$T/beat" ] || { eval "$4"; kill -s KILL "$3"; exit 0; }
: >"$T/beat"
done' rota-watch "$T" ${Math.ceil(p.leaseSeconds)} $$ "$end" </dev/null >/dev/null 2>&1 &
watch=$!
stop() { trap - EXIT HUP INT TERM; eval "$end"; kill -s KILL -- "-$watch" 2>/dev/null; exit 0; }
trap stop EXIT HUP INT TERM
printf '\\nrota-agent %s\\n' ${p.nonce}
while IFS= read -r line; do
case $line in
b) echo 1 >"$T/beat" ;;
"i "*) IFS= read -r data || break; printf %b "$data" >"$T/in/\${line#i }" ;;
"r "*) IFS= read -r data || break; printf %b "$data" >"$T/program"
setsid sh -c "$run" rota "$T" "\${line#r }" </dev/null 2>/dev/null & ;;
esac
done
`;
}

/**
 * The command that a target is asked to run. Its first line of input is the script to be evaluated, so that nothing of
 * it stands in a list of processes and the user's login shell has only this to understand.
 */
export const startCommand = `exec sh -c 'LC_ALL=C; export LC_ALL; IFS= read -r a && eval "$(printf %b "$a")"' rota`;
