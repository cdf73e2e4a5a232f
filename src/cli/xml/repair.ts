import { RotaError } from '../../core/errors/rota-error.ts';
import { type ExitStatus, exitStatus } from '../../core/exit-status.ts';
import { type RepairReport, repairDump } from '../../files/repair/repair-dump.ts';
import type { Cli } from '../cli.ts';
import { fileTools, openDump, outputPath } from './file-tools.ts';
import { chosenFormat } from './write-tools.ts';

export interface RepairOptions {
  readonly output: string;
}

export async function repair(cli: Cli, file: string, options: RepairOptions): Promise<ExitStatus> {
  const path = outputPath(cli, options.output, [file]);
  if (typeof path !== 'string') throw new RotaError('USAGE', 'repair writes a file: name one with -o');
  const source = await openDump(cli, file);
  const target = { name: options.output, path, format: chosenFormat(path) };
  const report = await repairDump(source, target, fileTools(cli));
  cli.out.line(report, describe(report));
  return report.output === null ? exitStatus.nothingToDo : exitStatus.doneWithErrors;
}

function describe(report: RepairReport): string {
  if (report.output === null) return `${report.file} is whole: nothing was written`;
  const items = report.logItems > 0 ? `, ${report.logItems} log items` : '';
  const last =
    report.lastPageId === null
      ? ''
      : `; it ends after ${report.lastPageIsCut ? `revision ${report.lastRevisionId} of page` : 'page'} ${report.lastPageId}`;
  return (
    `${report.output}: partial: ${report.pages} pages, ${report.revisions} revisions${items}${last} ` +
    `(${report.how}). Lost because of: ${report.reason}`
  );
}
