import type { LocalisationSettings } from '../../../config/environment-recipe-config.ts';
import { RotaError } from '../../../core/errors/rota-error.ts';
import type { ContentEntry } from '../content/host-content.ts';
import type { VersionRepository } from '../version/version-repository.ts';

/** Where a MediaWiki's localisation cache lies in the code. */
export function cachePath(root: string): string {
  return root === '.' ? 'cache/l10n' : `${root}/cache/l10n`;
}

/**
 * The CDB files that hosts make of a version, as they lie beside it: links to what is called by its SHA-256, so that a language
 * that did not change is made once, however many versions there are.
 */
export async function builtFiles(
  repository: VersionRepository,
  commit: string,
  settings: LocalisationSettings | null,
): Promise<readonly ContentEntry[]> {
  if (settings === null || settings.store !== 'cdb') return [];
  const all: ContentEntry[] = [];
  for (const root of settings.roots) {
    const path = `${cachePath(root)}/cdb.sums`;
    // A version from before this setting has none, and what it needs is in it.
    const sums = await repository.tryGit(['cat-file', 'blob', `${commit}:${path}`]);
    if (sums.status !== 0) continue;
    for (const line of sums.stdout.toString().split('\n')) {
      if (line === '') continue;
      const [, digest, code] = /^([0-9a-f]{64}) {2}([a-z0-9-]+)$/.exec(line) ?? [];
      if (digest === undefined || code === undefined)
        throw new RotaError('SOURCE_UNFIT', `${path} of the version is damaged: ${JSON.stringify(line)}`);
      const link = `${cachePath(root)}/l10n_cache-${code}.cdb`;
      all.push({ kind: 'built', path: link, mode: '0644', group: null, bytes: null, digest });
    }
  }
  return all;
}
