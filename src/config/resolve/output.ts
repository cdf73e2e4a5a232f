import { dirname, join, relative, resolve, sep } from 'node:path';
import type { FarmConfig } from '../farm-config.ts';
import type { Path } from '../faults/document.ts';
import type { ParsedFarm } from '../schema/farm.ts';
import type { Report } from './report.ts';

export function resolveOutput(parsed: ParsedFarm['output'], folder: string): FarmConfig['output'] {
  const { workspace } = parsed;
  const given = typeof workspace === 'string' ? { public: workspace, private: workspace } : (workspace ?? {});
  const tree = (path: string, work: string | undefined) => {
    const absolute = resolve(folder, path);
    return {
      folder: absolute,
      workspaceFolder: work === undefined ? join(dirname(absolute), 'work') : resolve(folder, work),
    };
  };
  return { public: tree(parsed.public, given.public), private: tree(parsed.private, given.private) };
}

/** Nothing that is not public may lie where everybody reads. */
export function checkPlaces(config: FarmConfig, secretFiles: readonly string[], report: Report): void {
  const { public: open, private: closed } = config.output;
  const privatePath = ['output', 'private'];
  if (overlap(open.folder, closed.folder)) {
    report.fault(privatePath, 'the public and the private tree must not lie in each other');
  }
  for (const work of new Set([open.workspaceFolder, closed.workspaceFolder])) {
    for (const tree of [open, closed]) {
      if (!overlap(work, tree.folder)) continue;
      report.fault(
        ['output', 'workspace'],
        'the workspace must lie outside of the public and the private tree',
      );
    }
  }
  const guarded: readonly (readonly [string, Path, string])[] = [
    [config.file, ['output', 'public'], 'rota.yaml'],
    ...storeFiles(config).map((file) => [file, ['store'], 'the store'] as const),
    ...(config.log.file === null ? [] : [[config.log.file, ['log', 'file'], 'the log'] as const]),
    ...(config.signingKey === null ? [] : [[config.signingKey, ['signingKey'], 'the private key'] as const]),
    ...wikiFiles(config),
    ...secretFiles.map((file) => [file, ['output', 'public'], 'a file with a secret'] as const),
  ];
  for (const [file, path, what] of guarded) {
    if (contains(open.folder, file))
      report.fault(path, `${what} would lie in the public tree, where everybody reads it`);
  }
}

function storeFiles({ store }: FarmConfig): readonly string[] {
  if (store.kind === 'sqlite') return [store.file];
  return store.key === null ? [] : [store.key];
}

/** Databases in files: they hold what accounts are, and all that was hidden. */
function wikiFiles({ wikis }: FarmConfig): readonly (readonly [string, Path, string])[] {
  return [...wikis.values()].flatMap(({ name, database, externalStores }) =>
    [database, ...externalStores.values()].flatMap((address) =>
      address.kind === 'sqlite'
        ? [[address.file, ['wikis', name, 'database'], "the wiki's database"] as const]
        : [],
    ),
  );
}

function overlap(a: string, b: string): boolean {
  return contains(a, b) || contains(b, a);
}

function contains(folder: string, path: string): boolean {
  const inside = relative(folder, path);
  return inside === '' || (inside !== '..' && !inside.startsWith(`..${sep}`));
}
