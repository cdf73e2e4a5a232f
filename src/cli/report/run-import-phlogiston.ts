import { readdir } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import { stringify } from 'yaml';
import type { ImportedScope } from '../../config/import/phlogiston.ts';
import { readPhlogiston } from '../../config/scopes/find-scope.ts';
import { RotaError } from '../../core/errors/rota-error.ts';
import { type ExitStatus, exitStatus } from '../../core/exit-status.ts';
import { makeFolders } from '../../publish/files/make-folders.ts';
import type { Cli } from '../cli.ts';
import { writeNewFile } from '../write-new-file.ts';

/** Writes a scope file for each scope of a folder of the earlier program. */
export async function runImportPhlogiston(
  cli: Cli,
  folder: string,
  options: { readonly output: string; readonly dryRun?: boolean },
): Promise<ExitStatus> {
  const source = resolve(cli.io.cwd, folder);
  const target = resolve(cli.io.cwd, options.output);
  const prefixes = (await list(source)).flatMap((name) => /^(.+)_scope\.py$/.exec(name)?.[1] ?? []);
  if (prefixes.length === 0)
    throw new RotaError('USAGE', `${folder} holds no PREFIX_scope.py; name Phlogiston's config folder`);
  if (!options.dryRun) await makeFolders(target);
  let failed = 0;
  for (const prefix of prefixes.sort()) {
    const read = await readOne(cli, join(source, `${prefix}_scope.py`), prefix);
    if (read === null) {
      failed += 1;
      continue;
    }
    const { parsed, notes, faults } = read;
    for (const note of [...notes, ...faults]) cli.out.remark(`rota: ${note}`);
    if (faults.length > 0) {
      failed += 1;
      continue;
    }
    const file = join(target, `${prefix}.yaml`);
    if (!options.dryRun)
      writeNewFile(
        file,
        `# From ${prefix}_scope.py and ${prefix}_recategorization.csv.\n${stringify(parsed)}`,
      );
    cli.out.line(
      { scope: prefix, file, rules: parsed.rules.length },
      `${prefix}: ${parsed.rules.length} rules, ${options.dryRun ? 'would go' : 'written'} to ${relative(cli.io.cwd, file)}`,
    );
  }
  return failed > 0 ? exitStatus.doneWithErrors : exitStatus.done;
}

/** What one lacks, such as its rules, keeps no other from being taken over. @returns null when it cannot be read */
async function readOne(cli: Cli, file: string, prefix: string): Promise<ImportedScope | null> {
  try {
    return await readPhlogiston(file, prefix, cli.io.cwd);
  } catch (error) {
    if (!(error instanceof RotaError)) throw error;
    cli.out.remark(`rota: ${error.message}`);
    return null;
  }
}

async function list(folder: string): Promise<readonly string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    throw new RotaError(
      'FILE_UNREADABLE',
      `The folder ${folder} cannot be read: ${(error as Error).message}`,
      { cause: error },
    );
  }
}
