import { readFile } from 'node:fs/promises';
import { basename, relative, resolve } from 'node:path';
import { RotaError } from '../../core/errors/rota-error.ts';
import { importPhlogiston } from '../import/phlogiston.ts';
import type { ScopeConfig } from '../scope-config.ts';
import { readScopeFile } from './read-scope-file.ts';

const phlogistonFile = /^(.+)_scope\.py$/;

/** True for what names a scope's file and not a scope of rota.yaml. */
export function isScopeFile(text: string): boolean {
  return /\.ya?ml$/.test(text) || phlogistonFile.test(text);
}

/** A scope from a file of its own: one of Rota's, or one of the earlier program's with the rules beside it. */
export async function readAnyScopeFile(file: string, cwd: string): Promise<ScopeConfig> {
  const path = resolve(cwd, file);
  const shown = shownPath(path, cwd);
  const prefix = phlogistonFile.exec(basename(path))?.[1];
  if (prefix === undefined) return await readScopeFile(path, shown);
  const { scope, faults } = await readPhlogiston(path, prefix, cwd);
  if (faults.length === 0) return scope;
  throw new RotaError('SCOPE_INVALID', [`${shown} cannot be taken over:`, ...faults].join('\n  '), {
    facts: { faults },
  });
}

export async function readPhlogiston(path: string, prefix: string, cwd: string) {
  const rules = path.replace(/_scope\.py$/, '_recategorization.csv');
  const [settingsText, rulesText] = await Promise.all([readText(path, cwd), readText(rules, cwd)]);
  return importPhlogiston({
    prefix,
    settings: { file: shownPath(path, cwd), text: settingsText },
    rules: { file: shownPath(rules, cwd), text: rulesText },
  });
}

async function readText(path: string, cwd: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    throw new RotaError(
      'SCOPE_UNKNOWN',
      `The scope file ${shownPath(path, cwd)} cannot be read: ${(error as Error).message}`,
      {
        cause: error,
      },
    );
  }
}

function shownPath(path: string, cwd: string): string {
  const short = relative(cwd, path);
  return short.startsWith('..') ? path : short;
}
