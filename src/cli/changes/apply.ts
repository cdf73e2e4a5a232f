import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import { RotaError } from '../../core/errors/rota-error.ts';
import { type ExitStatus, exitStatus } from '../../core/exit-status.ts';
import type { UnequalPage } from '../../export/changes/apply-changes.ts';
import { applyDays as apply } from '../../files/changes/apply-days.ts';
import type { Cli } from '../cli.ts';
import { outputPath } from '../xml/file-tools.ts';

export interface ApplyCommandOptions {
  readonly output: string;
  readonly ledger?: string;
  readonly dryRun?: boolean;
}

const words: Readonly<Record<UnequalPage['what'], string>> = {
  differs: 'is not as the ledger says',
  missing: 'is missing',
  'not-expected': 'should not be there',
};

/** Brings a full dump up to date; pages that are not as the ledger says are listed. */
export async function applyDays(
  cli: Cli,
  full: string,
  days: readonly string[],
  options: ApplyCommandOptions,
): Promise<ExitStatus> {
  const at = (path: string) => resolve(cli.io.cwd, path);
  const output = outputPath(cli, options.output, [
    full,
    ...(options.ledger === undefined ? [] : [options.ledger]),
  ]);
  if (typeof output !== 'string') throw new RotaError('USAGE', 'apply writes a file: name one with -o');
  const totals = await apply({
    full: at(full),
    ledger: options.ledger === undefined ? null : at(options.ledger),
    days: days.map((name) => ({ name, folder: at(name) })),
    output,
    dryRun: options.dryRun === true,
    searchPath: cli.io.env.PATH ?? '',
    threads: availableParallelism(),
    signal: cli.signal,
    onUnequal: ({ pageId, what }) =>
      cli.out.line({ page: pageId, unequal: what }, `page ${pageId} ${words[what]}`),
    onProgress: () => undefined,
  });
  if (options.dryRun === true) {
    cli.out.remark('the days lead on from the full dump, and their files are whole');
    return exitStatus.done;
  }
  const { pages, revisions, rawBytes, unequal } = totals;
  cli.out.line(
    { output: options.output, pages, revisions, rawBytes, unequal },
    unequal === 0
      ? `${options.output}: ${pages} pages, ${revisions} revisions, every page as the ledger says`
      : `${options.output}: ${unequal} of ${pages} pages are not as the ledger says; it is no dump of that day`,
  );
  return unequal === 0 ? exitStatus.done : exitStatus.doneWithErrors;
}
