import { readdir } from 'node:fs/promises';
import type { FarmConfig } from '../../../config/farm-config.ts';
import { readScopeText } from '../../../config/scopes/read-scope-file.ts';
import { isScopeFileName, refusedName, scopeNameOf } from '../../../config/scopes/scope-file-name.ts';
import { isRotaError } from '../../../core/errors/rota-error.ts';

/** The scope files of a commit that is not checked out yet. */
export interface IncomingScopes {
  readonly names: readonly string[];
  readonly read: (name: string) => Promise<string>;
}

/**
 * What would keep rota.yaml from being read if these were its scope files: one bad file would stop every job, also those
 * that have nothing to do with reports. Empty: nothing.
 */
export async function faultsOfScopes(
  { names, read }: IncomingScopes,
  folder: string,
  farm: Pick<FarmConfig, 'scopes' | 'groups'>,
): Promise<readonly string[]> {
  const faults: string[] = [];
  const known = new Set<string>();
  for (const file of names.filter(isScopeFileName)) {
    const name = scopeNameOf(file);
    if (name === null) {
      faults.push(refusedName(file));
      continue;
    }
    known.add(name);
    const text = await read(file);
    try {
      readScopeText(name, text, file);
    } catch (error) {
      if (!isRotaError(error, 'SCOPE_INVALID')) throw error;
      faults.push(error.message.replaceAll(/\s*\n\s*/g, ' '));
    }
  }
  const now = new Set((await readdir(folder)).filter(isScopeFileName).map(scopeNameOf));
  // Those of rota.yaml itself stay.
  for (const name of farm.scopes.keys()) if (!now.has(name)) known.add(name);
  for (const [group, { scopes }] of farm.groups) {
    for (const scope of scopes) {
      if (!known.has(scope))
        faults.push(`the group ${group} of rota.yaml names ${scope}, which is not there any more`);
    }
  }
  return faults;
}
