import { prelude, targetStatus } from '../prelude.ts';
import type { TargetProgram } from '../target-program.ts';
import { type Drift, declaredDrift, pathsOf, type VerifyOptions } from './drift.ts';
import { madeAs, strangeModes } from './made-as.ts';
import { verifyFiles } from './verify-files.ts';

export type { Drift, VerifyOptions } from './drift.ts';

/** Compares the served slot, and the static files that its pages name, with its version, and changes nothing. */
export function verify(p: VerifyOptions): TargetProgram {
  if (p.holds === 'files') return verifyFiles(p);
  return {
    name: 'verify',
    args: [p.path, p.content ? 'content' : 'stat', ...p.assets],
    deadlineMs: p.deadlineMs,
    mutates: false,
    script: `${prelude}${madeAs}cur=$(live); [ -n "$cur" ] || die ${targetStatus.notPrepared} none
I=\${IN%/in}/index mode=$1; shift
if [ "$mode" = content ]; then
GIT_INDEX_FILE=$I git --git-dir="$G" read-tree "$(cat "$R/$cur.commit")"
else cp -p "$R/$cur.index" "$I"; fi
cd "$R/$cur"
view() { GIT_INDEX_FILE=$I git --git-dir="$G" --work-tree="$R/$cur" "$@"; }
view update-index -q --refresh >/dev/null 2>&1 || :
view diff-files --name-status --no-renames -z
[ -n "$(view ls-files -- VERSION.json)" ] || named "$cur" || printf 'M\\0VERSION.json\\0'
printf 'X\\0\\0'
view ls-files --others -z
printf 'X\\0\\0'
${strangeModes}
printf 'X\\0\\0'
strangers "$cur"
printf 'X\\0\\0'
cat "$R/$cur.sums" 2>/dev/null || :
printf 'X\\0\\0'
declared "$cur" "$cur" "$mode"
printf 'X\\0\\0'
hash=$(sed -n 's/.*"assets": *"\\([0-9a-f]*\\)".*/\\1/p' VERSION.json 2>/dev/null || :)
[ "$#" -gt 0 ] && [ -n "$hash" ] || exit 0
A=$P-assets/$hash
printf '%s\\0' "\${P##*/}-assets/$hash"
if [ ! -d "$A" ]; then printf 'gone\\0'; exit 0; fi
if [ "$mode" = stat ] && [ -e "$P-assets/.$hash.index" ]; then cp -p "$P-assets/.$hash.index" "$I"
else GIT_INDEX_FILE=$I git --git-dir="$G" read-tree "$(cat "$R/$cur.commit")"; fi
cd "$A"
GIT_LITERAL_PATHSPECS=1; export GIT_LITERAL_PATHSPECS
files() { GIT_INDEX_FILE=$I git --git-dir="$G" --work-tree="$A" "$@"; }
files update-index -q --refresh >/dev/null 2>&1 || :
printf 'X\\0\\0'
files diff-files --name-status --no-renames -z -- "$@"
printf 'X\\0\\0'
files ls-files --others -z
`,
  };
}

const kinds: Readonly<Record<string, Drift['kind']>> = { M: 'modified', D: 'deleted', T: 'type' };

/** Paths in a slot that Rota itself puts beside the version. */
const ownPaths: readonly string[] = ['VERSION.json'];

/** @param stdout of {@link verify} */
export function parseDrift(stdout: Buffer): readonly Drift[] {
  const [changed = '', others = '', modes = '', owners = '', made = '', now = '', ...statics] = splitSections(
    stdout.toString(),
  );
  const drift: Drift[] = [...changesOf(changed), ...assetDrift(statics)];
  const declared = declaredDrift(made, now);
  drift.push(...declared.drift);
  const known = new Set([...ownPaths, ...declared.known]);
  for (const path of others.split('\0')) {
    if (path !== '' && !known.has(path)) drift.push({ path, kind: 'added' });
  }
  drift.push(...pathsOf(modes, 'mode'), ...pathsOf(owners, 'owner'));
  return drift.toSorted((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
}

/** What `diff-files -z` says. */
function changesOf(text: string): readonly Drift[] {
  const fields = text.split('\0');
  const drift: Drift[] = [];
  for (let i = 0; i + 1 < fields.length; i += 2) {
    drift.push({ path: fields[i + 1] ?? '', kind: kinds[fields[i] ?? ''] ?? 'modified' });
  }
  return drift;
}

/** Static files, by their paths beside the one that is deployed. */
function assetDrift([about = '', changed = '', others = '']: readonly string[]): readonly Drift[] {
  const [folder = '', gone] = about.split('\0');
  if (gone === 'gone') return [{ path: folder, kind: 'deleted' }];
  const added = others.split('\0').filter((path) => path !== '');
  return [...changesOf(changed), ...added.map((path) => ({ path, kind: 'added' as const }))].map((one) => ({
    ...one,
    path: `${folder}/${one.path}`,
  }));
}

/** No path is empty, so two NUL bytes in a row end a section. */
function splitSections(text: string): readonly string[] {
  return text.split('X\0\0');
}
