import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, isAbsolute, join, resolve } from 'node:path';
import { stringify } from 'yaml';
import { importWikidump, type WikidumpNote } from '../config/import/wikidump.ts';
import { RotaError } from '../core/errors/rota-error.ts';
import { type ExitStatus, exitStatus } from '../core/exit-status.ts';
import type { Cli } from './cli.ts';
import { writeNewFile } from './write-new-file.ts';

export interface ImportWikidumpOptions {
  readonly output: string;
  readonly section?: string;
  readonly changes?: string;
  readonly dryRun?: boolean;
}

/** Writes a rota.yaml from a wikidump.conf, and says what a person has still to do. */
export async function runImportWikidump(
  cli: Cli,
  file: string,
  options: ImportWikidumpOptions,
): Promise<ExitStatus> {
  const output = resolve(cli.io.cwd, options.output);
  if (existsSync(output)) throw new RotaError('USAGE', `${output} is there already; nothing is overwritten`);
  const conf = readNamed(cli, file);
  const imported = importWikidump({
    conf,
    section: options.section ?? null,
    changes: options.changes === undefined ? null : readNamed(cli, options.changes),
    read: (path) => readOrNull(isAbsolute(path) ? path : join(dirname(resolve(cli.io.cwd, file)), path)),
  });
  const text = `# Made from ${conf.name} by rota import wikidump.conf. Every key is described in docs/reference/config.md.\n${stringify(imported.config)}`;
  if (options.dryRun) cli.out.text(text);
  else writeNewFile(output, text);
  tell(cli, 'look at', imported.notes);
  tell(cli, 'not needed', imported.needless);
  const wikis = Object.keys(imported.config.wikis as object).length;
  if (!options.dryRun || cli.out.json) {
    cli.out.line(
      { file: output, wikis, written: options.dryRun !== true, ...imported },
      `${options.dryRun ? 'would write' : 'wrote'} ${output} with ${wikis === 1 ? 'one wiki' : `${wikis} wikis`}: do what is to be looked at, then rota config check and rota doctor`,
    );
  }
  return exitStatus.done;
}

function tell(cli: Cli, what: string, notes: readonly WikidumpNote[]): void {
  for (const { file, line, text } of notes) {
    cli.out.remark(`${what}: ${file}${line === null ? '' : `:${line}`}: ${text}`);
  }
}

function readNamed(cli: Cli, name: string): { readonly name: string; readonly text: string } {
  const text = readOrNull(resolve(cli.io.cwd, name));
  if (text === null) throw new RotaError('FILE_UNREADABLE', `${name} is not there, or cannot be read`);
  return { name, text };
}

function readOrNull(path: string): string | null {
  try {
    return statSync(path).isFile() ? readFileSync(path, 'utf8') : null;
  } catch {
    return null;
  }
}
