import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, isAbsolute, join, relative, resolve } from 'node:path';
import { stringify } from 'yaml';
import { type ImportedEnvironment, importScap } from '../../config/import/scap.ts';
import { RotaError } from '../../core/errors/rota-error.ts';
import { type ExitStatus, exitStatus } from '../../core/exit-status.ts';
import type { Cli } from '../cli.ts';
import { writeNewFile } from '../write-new-file.ts';

/** Turns a repository's scap folder into entries of `environments:`. */
export async function runImportScap(
  cli: Cli,
  folder: string,
  options: { readonly output: string; readonly dryRun?: boolean },
): Promise<ExitStatus> {
  const given = resolve(cli.io.cwd, folder);
  const scap =
    basename(given) === 'scap' || existsSync(join(given, 'scap.cfg')) ? given : join(given, 'scap');
  if (!existsSync(join(scap, 'scap.cfg')))
    throw new RotaError(
      'FILE_UNREADABLE',
      `${scap} holds no scap.cfg: name a repository, or its scap folder`,
    );
  const output = resolve(cli.io.cwd, options.output);
  if (existsSync(output)) throw new RotaError('USAGE', `${output} is there already; nothing is overwritten`);
  const read = (path: string): string | null => {
    const file = isAbsolute(path) ? path : join(scap, path);
    return existsSync(file) && statSync(file).isFile() ? readFileSync(file, 'utf8') : null;
  };
  const environments = join(scap, 'environments');
  const names = existsSync(environments)
    ? readdirSync(environments, { withFileTypes: true })
        .filter((entry) => entry.isDirectory())
        .map((entry) => entry.name)
        .sort()
    : [];
  const source = relative(dirname(output), dirname(scap)) || '.';
  const imported = [null, ...names].map((name) => importScap(read, name, source));
  const taken = imported.filter((one) => (one.settings.hosts as readonly unknown[]).length > 0);
  for (const one of imported) tellNotes(cli, one, !taken.includes(one));
  refuseOneName(taken.map(({ name }) => name));
  if (taken.length === 0) throw new RotaError('FILE_UNREADABLE', `${scap} names no host that could be read`);
  const text = stringify({
    environments: Object.fromEntries(taken.map(({ name, settings }) => [name, settings])),
  });
  const isTried = options.dryRun === true;
  if (!isTried) writeNewFile(output, text);
  // With --json the text is part of the one answer.
  else if (!cli.out.json) cli.out.text(text);
  const names_ = taken.map(({ name }) => name);
  cli.out.line(
    { file: output, environments: names_, written: !isTried, ...(isTried ? { text } : {}) },
    `${isTried ? 'would write' : 'wrote'} ${names_.join(', ')} to ${output}: put it into rota.yaml, and look at the notes`,
  );
  return imported.some((one) => one.notes.length > 0) ? exitStatus.doneWithErrors : exitStatus.done;
}

/** One of two would be lost. */
function refuseOneName(names: readonly string[]): void {
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice === undefined) return;
  throw new RotaError(
    'USAGE',
    `Two environments come to be called ${twice} (the repository's own takes the last part of git_repo): rename the folder of one in scap/environments`,
  );
}

function tellNotes(cli: Cli, { name, notes }: ImportedEnvironment, isLeftOut: boolean): void {
  if (isLeftOut) cli.out.remark(`${name}: no hosts of its own, left out`);
  for (const { file, line, text } of notes)
    cli.out.remark(`${name}: ${file}${line === null ? '' : `:${line}`}: ${text}`);
}
