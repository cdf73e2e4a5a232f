import type { KnownVersions } from '../records.ts';
import type { VersionRepository } from './version-repository.ts';

/**
 * A version by its name. Those that only hosts have, after an adoption, are known by name: enough to go back to where nothing has
 * to be sent.
 * @throws RotaError VERSION_UNKNOWN
 */
export async function findVersion(
  repository: VersionRepository,
  known: KnownVersions,
  name: string,
): Promise<{ readonly version: string; readonly commit: string }> {
  const commit = known[name];
  if (commit !== undefined) return { version: name, commit };
  const version = await repository.version(name);
  return { version: version.name, commit: version.commit };
}
