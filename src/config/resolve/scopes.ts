import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import type * as z from 'zod';
import { isRotaError } from '../../core/errors/rota-error.ts';
import type { Path } from '../faults/document.ts';
import type { Fault } from '../faults/fault.ts';
import { formatFault } from '../faults/fault.ts';
import type { GroupConfig, ScopeFilesConfig } from '../phabricator-config.ts';
import type { groups, scopeFiles, scopes } from '../schema/phabricator.ts';
import type { ScopeConfig } from '../scope-config.ts';
import { placeOf, readScopeText } from '../scopes/read-scope-file.ts';
import { isScopeFileName, refusedName, scopeNameOf } from '../scopes/scope-file-name.ts';
import type { Report } from './report.ts';
import { resolveScope } from './scope.ts';

interface Context {
  readonly folder: string;
  readonly report: Report;
}

/** Scopes of rota.yaml and of the files that it names, by name; and those files. */
export function resolveScopes(
  given: z.output<typeof scopes> | undefined,
  files: ScopeFilesConfig | null,
  { folder, report }: Context,
): { readonly scopes: ReadonlyMap<string, ScopeConfig>; readonly sources: ReadonlyMap<string, string> } {
  const found = new Map<string, ScopeConfig>();
  const sources = new Map<string, string>();
  const take = (name: string, file: string, path: Path) => {
    const read = readFile(name, file, path, { folder, report });
    if (read === null) return;
    found.set(name, read);
    sources.set(name, file);
  };
  for (const [name, scope] of Object.entries(given ?? {})) {
    const path = ['scopes', name];
    if (typeof scope === 'string') {
      take(name, resolve(folder, scope), path);
      continue;
    }
    found.set(
      name,
      resolveScope(name, scope, {
        placeOf: (inner) => placeOf(report.document, [...path, ...inner]),
        fault: (inner, message) => report.fault([...path, ...inner], message),
      }),
    );
  }
  for (const file of files === null ? [] : list(files.folder, report)) {
    const path = ['scopeFiles', 'folder'];
    const name = scopeNameOf(file);
    if (name === null) {
      report.fault(path, refusedName(file));
      continue;
    }
    if (found.has(name)) continue;
    take(name, join(files?.folder ?? folder, file), path);
  }
  return { scopes: found, sources };
}

function list(folder: string, report: Report): readonly string[] {
  try {
    return readdirSync(folder).filter(isScopeFileName).sort();
  } catch (error) {
    report.warn(['scopeFiles', 'folder'], `the folder cannot be read: ${(error as Error).message}`);
    return [];
  }
}

function readFile(name: string, file: string, path: Path, { folder, report }: Context): ScopeConfig | null {
  try {
    return readScopeText(name, readFileSync(file, 'utf8'), relative(folder, file));
  } catch (error) {
    if (isRotaError(error, 'SCOPE_INVALID')) {
      for (const fault of error.facts.faults as readonly Fault[]) report.fault(path, formatFault(fault));
    } else report.fault(path, `the scope file cannot be read: ${(error as Error).message}`);
    return null;
  }
}

export function resolveScopeFiles(
  given: z.output<typeof scopeFiles> | undefined,
  folder: string,
): ScopeFilesConfig | null {
  return given === undefined ? null : { folder: resolve(folder, given.folder), pull: given.pull ?? false };
}

export function resolveGroups(
  given: z.output<typeof groups> | undefined,
  known: ReadonlyMap<string, ScopeConfig>,
  report: Report,
): ReadonlyMap<string, GroupConfig> {
  for (const [name, group] of Object.entries(given ?? {})) {
    for (const [i, scope] of group.scopes.entries()) {
      if (!known.has(scope))
        report.fault(['groups', name, 'scopes', i], `there is no scope ${JSON.stringify(scope)}`);
    }
  }
  return new Map(Object.entries(given ?? {}));
}
