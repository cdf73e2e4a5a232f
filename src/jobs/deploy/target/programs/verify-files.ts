import { listing } from '../listing.ts';
import { prelude, targetStatus } from '../prelude.ts';
import type { TargetProgram } from '../target-program.ts';
import { type Drift, declaredDrift, pathsOf, type VerifyOptions } from './drift.ts';
import { hasOwnName, madeAs } from './made-as.ts';

/**
 * What `verify` is where hosts hold files without git: compares the served slot with the lists of its version, and the static files with the
 * slot. By stat data, files are read only where these differ from when the slot was proven.
 */
export function verifyFiles(p: VerifyOptions): TargetProgram {
  return {
    name: 'verify',
    args: [p.path, p.content ? 'content' : 'stat', ...p.assets],
    deadlineMs: p.deadlineMs,
    mutates: false,
    script: `${prelude}${listing}${madeAs}cur=$(live); [ -n "$cur" ] || die ${targetStatus.notPrepared} none
T=\${IN%/in} mode=$1; shift
tree "$cur" >"$T/tree"
comm -z -13 "$T/tree" "$R/$cur.tree"
printf 'X\\0\\0'
comm -z -23 "$T/tree" "$R/$cur.tree"
printf 'X\\0\\0'
if [ "$mode" = content ] || ! stats "$cur" | cmp -s - "$R/$cur.stat"; then
hashes "$cur" | sort -z >"$T/hashes"
sort -z "$R/$cur.hashes" | comm -z -13 "$T/hashes" -
fi
${hasOwnName('$cur')} || named "$cur" || printf '%64s  VERSION.json\\0' -
printf 'X\\0\\0'
(cd "$R/$cur" && find . -maxdepth 0 ! -perm 0755 -print0)
printf 'X\\0\\0'
strangers "$cur"
printf 'X\\0\\0'
cat "$R/$cur.sums" 2>/dev/null || :
printf 'X\\0\\0'
declared "$cur" "$cur" "$mode"
printf 'X\\0\\0'
hash=$(sed -n 's/.*"assets": *"\\([0-9a-f]*\\)".*/\\1/p' "$R/$cur/VERSION.json" 2>/dev/null || :)
[ "$#" -gt 0 ] && [ -n "$hash" ] || exit 0
A=$P-assets/$hash
printf '%s\\0' "\${P##*/}-assets/$hash"
if [ ! -d "$A" ]; then printf 'gone\\0'; exit 0; fi
printf 'X\\0\\0'
sums() { { find "$@" -type l -printf 'l %p//%l\\0'; find "$@" -type f -print0 | xargs -0 -r sha256sum -z --; } | sort -z; }
for path; do shift; set -- "$@" "./$path"; done
(cd "$R/$cur" && sums "$@") >"$T/there"
(cd "$A" && sums .) >"$T/here"
comm -z -13 "$T/here" "$T/there"
printf 'X\\0\\0'
comm -z -23 "$T/here" "$T/there"
`,
  };
}

/** @param stdout of {@link verifyFiles} */
export function parseFileDrift(stdout: Buffer): readonly Drift[] {
  // No record is empty, so two NUL bytes in a row end a section.
  const [lacking = '', more = '', other = '', modes = '', owners = '', made = '', now = '', ...statics] =
    stdout.toString().split('X\0\0');
  const [about = '', changed = '', added = ''] = statics;
  const declared = declaredDrift(made, now);
  const expected = recordsOf(lacking);
  const found = recordsOf(more);
  const drift = new Map<string, Drift['kind']>();
  for (const [path, is] of expected) {
    const there = found.get(path);
    if (there === undefined) {
      // Of a folder that is gone its files tell.
      if (is.type !== 'd') drift.set(path, 'deleted');
    } else if (there.type !== is.type) drift.set(path, 'type');
    else drift.set(path, is.type === 'l' ? 'modified' : 'mode');
  }
  for (const [path, { type }] of found) {
    const isOurs = declared.known.has(path) || path === 'VERSION.json';
    if (!expected.has(path) && !isOurs && type !== 'd') drift.set(path, 'added');
  }
  for (const path of hashedPaths(other)) if (!drift.has(path)) drift.set(path, 'modified');
  const [folder = '', gone] = about.split('\0');
  const assets: readonly Drift[] =
    gone === 'gone' ? [{ path: folder, kind: 'deleted' }] : assetDrift(folder, changed, added);
  const own = [...drift].map(([path, kind]) => ({ path, kind }));
  const folders = [...pathsOf(modes, 'mode'), ...pathsOf(owners, 'owner')];
  return [...own, ...folders, ...declared.drift, ...assets].toSorted((a, b) =>
    a.path < b.path ? -1 : a.path > b.path ? 1 : 0,
  );
}

function recordsOf(text: string): ReadonlyMap<string, { readonly type: string }> {
  return new Map(
    text.split('\0').flatMap((record) => {
      const at = record.indexOf(' ');
      if (at < 0) return [];
      const type = record.charAt(0);
      const rest = record.slice(at + 1);
      return [[type === 'l' ? (rest.split('//')[0] ?? '') : rest, { type }] as const];
    }),
  );
}

/** `SHA-256  path` each, or of a link `l path//what it says`; `./` may stand before paths. */
function hashedPaths(text: string): readonly string[] {
  return text
    .split('\0')
    .filter((record) => record !== '')
    .map((record) => (record.startsWith('l ') ? (record.slice(2).split('//')[0] ?? '') : record.slice(66)))
    .map((path) => path.replace(/^\.\//, ''));
}

function assetDrift(folder: string, lacking: string, more: string): readonly Drift[] {
  const [expected, found] = [new Set(hashedPaths(lacking)), new Set(hashedPaths(more))];
  return [
    ...[...expected].map((path) => ({
      path,
      kind: found.has(path) ? ('modified' as const) : ('deleted' as const),
    })),
    ...[...found].filter((path) => !expected.has(path)).map((path) => ({ path, kind: 'added' as const })),
  ].map((one) => ({ ...one, path: `${folder}/${one.path}` }));
}
