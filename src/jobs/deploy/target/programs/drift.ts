import type { TargetSite } from '../target-site.ts';

export interface VerifyOptions extends TargetSite {
  /** Read every file, instead of trusting size, times and inode. */
  readonly content: boolean;
  /** Static files that are published beside the versions; none: they are not looked at. */
  readonly assets: readonly string[];
}

/** One difference between what is served and the version it should be. */
export interface Drift {
  readonly path: string;
  readonly kind: 'modified' | 'deleted' | 'added' | 'type' | 'mode' | 'owner';
}

/** Paths that a find in the slot printed, a NUL behind each. */
export function pathsOf(text: string, kind: Drift['kind']): readonly Drift[] {
  return text
    .split('\0')
    .filter((path) => path !== '')
    .map((path) => ({ path: path.replace(/^\.\//, ''), kind }));
}

/** What lies beside the version, as it was made and as it is. `known`: the paths of all of it. */
export function declaredDrift(
  made: string,
  now: string,
): { readonly drift: readonly Drift[]; readonly known: ReadonlySet<string> } {
  const drift: Drift[] = [];
  const declared = parseDeclared(made);
  const found = parseDeclared(now);
  for (const [path, was] of declared) {
    const is = found.get(path);
    if (is === was) continue;
    const [sum, state] = is?.split('\t') ?? [];
    const gone = state === undefined || state === 'missing' || is?.endsWith('\tnone');
    drift.push({
      path,
      kind: gone ? 'deleted' : sum !== was.split('\t')[0] ? 'modified' : (rights.get(state) ?? 'modified'),
    });
  }
  return { drift, known: new Set(declared.keys()) };
}

const rights: ReadonlyMap<string, Drift['kind']> = new Map([
  ['mode', 'mode'],
  ['group', 'owner'],
]);

/** Lines of the shell function `declared`, by their paths. */
function parseDeclared(text: string): ReadonlyMap<string, string> {
  return new Map(
    text
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => [line.split('\t')[2] ?? '', line]),
  );
}
