import { prelude, targetStatus } from '../prelude.ts';
import type { TargetProgram } from '../target-program.ts';
import type { TargetSite } from '../target-site.ts';

export interface VerifyOptions extends TargetSite {
  /** Read every file, instead of trusting size, times and inode. */
  readonly content: boolean;
}

/** One difference between what is served and the version it should be. */
export interface Drift {
  readonly path: string;
  readonly kind: 'modified' | 'deleted' | 'added' | 'type' | 'mode';
}

/** Compares the served slot with its version, and changes nothing. */
export function verify(p: VerifyOptions): TargetProgram {
  return {
    name: 'verify',
    args: [p.path, p.content ? 'content' : 'stat'],
    deadlineMs: p.deadlineMs,
    mutates: false,
    script: `${prelude}cur=$(live); [ -n "$cur" ] || die ${targetStatus.notPrepared} none
I=\${IN%/in}/index
if [ "$1" = content ]; then
GIT_INDEX_FILE=$I git --git-dir="$G" read-tree "$(cat "$R/$cur.commit")"
else cp "$R/$cur.index" "$I"; fi
cd "$R/$cur"
view() { GIT_INDEX_FILE=$I git --git-dir="$G" --work-tree="$R/$cur" "$@"; }
view update-index -q --refresh >/dev/null 2>&1 || :
view diff-files --name-status --no-renames -z
printf 'X\\0\\0'
view ls-files --others -z
printf 'X\\0\\0'
find . ! -type l \\( -type d ! -perm 0755 -o -type f ! -perm 0644 ! -perm 0755 \\) -print0
printf 'X\\0\\0'
cat "$R/$cur.sums" 2>/dev/null || :
printf 'X\\0\\0'
declared "$cur" "$cur"
`,
  };
}

const kinds: Readonly<Record<string, Drift['kind']>> = { M: 'modified', D: 'deleted', T: 'type' };

/** Paths in a slot that Rota itself puts beside the version. */
const ownPaths: readonly string[] = ['VERSION.json'];

/** @param stdout of {@link verify} */
export function parseDrift(stdout: Buffer): readonly Drift[] {
  const [changed = '', others = '', modes = '', made = '', now = ''] = splitSections(stdout.toString());
  const drift: Drift[] = [];
  const fields = changed.split('\0');
  for (let i = 0; i + 1 < fields.length; i += 2) {
    drift.push({ path: fields[i + 1] ?? '', kind: kinds[fields[i] ?? ''] ?? 'modified' });
  }
  const declared = parseDeclared(made);
  const found = parseDeclared(now);
  for (const [path, was] of declared) {
    const is = found.get(path);
    if (is === was) continue;
    const [sum, state] = is?.split('\t') ?? [];
    const gone = state === undefined || state === 'missing' || is?.endsWith('\tnone');
    drift.push({
      path,
      kind: gone ? 'deleted' : sum === was.split('\t')[0] && state === 'mode' ? 'mode' : 'modified',
    });
  }
  const known = new Set([...ownPaths, ...declared.keys()]);
  for (const path of others.split('\0')) {
    if (path !== '' && !known.has(path)) drift.push({ path, kind: 'added' });
  }
  for (const path of modes.split('\0')) {
    if (path !== '') drift.push({ path: path.replace(/^\.\//, ''), kind: 'mode' });
  }
  return drift.toSorted((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
}

/** No path is empty, so two NUL bytes in a row end a section. */
function splitSections(text: string): readonly string[] {
  return text.split('X\0\0');
}

/** Lines of the shell function `declared`, by their paths. */
function parseDeclared(text: string): ReadonlyMap<string, string> {
  return new Map(
    text
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => [line.split('\t')[2] ?? '', line]),
  );
}
