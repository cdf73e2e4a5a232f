import { RotaError } from '../../../../core/errors/rota-error.ts';
import { prelude } from '../prelude.ts';
import type { TargetProgram } from '../target-program.ts';
import type { TargetSite } from '../target-site.ts';
import { filesSeen, gitSeen } from './ways-of-seeing.ts';

/** What a host has, and whether it can be deployed to. */
export interface Observation {
  /** A random name that the host got when it was first deployed to; null: never. */
  readonly instance: string | null;
  /** As whom things are done on it. */
  readonly user: string | null;
  readonly link: 'absent' | 'link' | 'folder' | 'other';
  /** The slot that is served; null: none of ours. */
  readonly current: string | null;
  readonly previous: string | null;
  /** The commit of a slot, by its name. */
  readonly slots: ReadonlyMap<string, string>;
  /** Versions in its repository: commits with their names. */
  readonly commits: ReadonlyMap<string, string>;
  readonly fence: { readonly store: string; readonly token: string } | null;
  /** Whether the served slot is, by stat data, what it was made as; null: not looked at. */
  readonly intact: boolean | null;
  readonly freeBytes: number;
  readonly freeInodes: number | null;
  /** What it lacks, in words. */
  readonly missing: readonly string[];
}

export interface ObserveOptions extends TargetSite {
  /** Compare the served slot with its version: by stat data, or by reading every file. */
  readonly prove: 'no' | 'stat' | 'content';
}

/** Looks, and changes nothing. */
export function observe(p: ObserveOptions): TargetProgram {
  const ways = p.holds === 'files' ? filesSeen : gitSeen;
  return {
    name: 'observe',
    args: [p.path, p.prove],
    deadlineMs: p.deadlineMs,
    mutates: false,
    plain: true,
    script: `${prelude}tell() { line=; if [ -e "$2" ]; then IFS= read -r line <"$2" || :; fi; printf '%s %s\\n' "$1" "$line"; }
for tool in ${ways.tools} flock setsid find mv ln readlink sha256sum df sync cat wc head cut sort; do
command -v "$tool" >/dev/null 2>&1 || echo "missing $tool"
done
${ways.fitness}echo "user $(id -un 2>/dev/null || id -u)"
near=$P; while [ ! -d "$near" ]; do near=\${near%/*}; near=\${near:-/}; done
[ -L "$P" ] && near=\${P%/*}/
parent=\${P%/*}; [ ! -d "$parent" ] || [ -w "$parent" ] || echo "missing the right to write in $parent"
if [ -L "$P" ]; then echo "link link"; elif [ -d "$P" ]; then echo "link folder"; elif [ -e "$P" ]; then echo "link other"; else echo "link absent"; fi
if [ -d "$S" ]; then
current=$(live)
tell instance "$S/instance"
echo "current $current"
tell previous "$S/previous"
tell fence "$S/fence"
for mark in "$R"/*.commit; do [ -e "$mark" ] || continue
name=\${mark##*/}; name=\${name%.commit}; [ ! -d "$R/$name" ] || tell "slot $name" "$mark"
done
${ways.commits}${ways.intact}fi
# One process where stat knows file systems, as those of GNU and busybox do.
if set -- $(stat -f -c '%a %S %d' "$near" 2>/dev/null) && [ $# -eq 3 ]; then echo "free $(($1*$2/1024))"; echo "inodes $3"
else
D=$IN/../df
df -Pk "$near" >"$D"; { read -r _; read -r _ _ _ free _; echo "free $free"; } <"$D"
if df -Pi "$near" >"$D" 2>/dev/null; then { read -r _; read -r _ _ _ free _; echo "inodes $free"; } <"$D"; fi
fi
`,
  };
}

/** @throws RotaError TARGET_PROTOCOL */
export function parseObservation(stdout: Buffer): Observation {
  const lines = stdout
    .toString()
    .split('\n')
    .filter((line) => line !== '');
  const all = (key: string) =>
    lines.filter((line) => line.startsWith(`${key} `)).map((line) => line.slice(key.length + 1));
  const one = (key: string) => all(key)[0] || null;
  const link = one('link');
  const free = Number(one('free'));
  if (
    (link !== 'absent' && link !== 'link' && link !== 'folder' && link !== 'other') ||
    !Number.isInteger(free)
  ) {
    throw new RotaError(
      'TARGET_PROTOCOL',
      `a target describes itself as ${JSON.stringify(stdout.toString().slice(0, 120))}`,
    );
  }
  const [store, generation, counter] = one('fence')?.split(' ') ?? [];
  const intact = one('intact');
  const inodes = Number(one('inodes') ?? Number.NaN);
  return {
    instance: one('instance'),
    user: one('user'),
    link,
    current: one('current'),
    previous: one('previous'),
    slots: new Map(all('slot').map((line) => line.split(' ') as [string, string])),
    commits: new Map(all('commit').map((line) => line.split(' ') as [string, string])),
    fence: store === undefined ? null : { store, token: `${generation}.${counter}` },
    intact: intact === null ? null : intact === 'yes',
    freeBytes: free * 1024,
    // Some file systems have no fixed number of them, and say 0 or "-".
    freeInodes: Number.isInteger(inodes) && inodes > 0 ? inodes : null,
    missing: all('missing'),
  };
}
