import type { EnvironmentConfig } from '../../config/environment-config.ts';
import type { RunStore } from '../../control/store/run-store.ts';
import { type KnownVersions, knownVersionsKey } from '../../jobs/deploy/records.ts';
import { findVersion } from '../../jobs/deploy/version/find-version.ts';
import { VersionRepository } from '../../jobs/deploy/version/version-repository.ts';

/** A version that is misspelt begins nothing, and takes no place of what could be gone on with. @throws RotaError VERSION_UNKNOWN */
export async function refuseUnknownVersion(
  store: RunStore,
  environment: EnvironmentConfig,
  name: string,
  signal: AbortSignal,
): Promise<void> {
  const known = await store.readPointer({ key: knownVersionsKey(environment.name) });
  const repository = await VersionRepository.open(environment.repository, signal);
  await findVersion(repository, (known ?? {}) as KnownVersions, name);
}
