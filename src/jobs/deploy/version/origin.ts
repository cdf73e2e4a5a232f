import type { NestedRepository } from './nested-repositories.ts';
import type { VersionRepository } from './version-repository.ts';

/** Where a version came from: stands in its commit, so that it goes wherever the version goes. */
export interface VersionOrigin {
  readonly builder: string;
  readonly repositories: readonly NestedRepository[];
}

export function originText(origin: VersionOrigin): string {
  return JSON.stringify(origin);
}

/** Null where the version is not here, or was made before origins were kept. */
export async function readOrigin(
  repository: VersionRepository,
  commit: string,
): Promise<VersionOrigin | null> {
  const { status, stdout } = await repository.tryGit(['log', '-1', '--format=%b', commit]);
  if (status !== 0) return null;
  try {
    const value = JSON.parse(stdout.toString()) as VersionOrigin | null;
    return value !== null && Array.isArray(value.repositories) ? value : null;
  } catch {
    return null;
  }
}
