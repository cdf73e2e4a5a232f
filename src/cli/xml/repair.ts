import { RotaError } from '../../core/errors/rota-error.ts';
import { type ExitStatus, exitStatus } from '../../core/exit-status.ts';
import type { Gap } from '../../files/repair/keep-whole.ts';
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
  if (cli.out.json) cli.out.line(report, '');
  else cli.out.text(describe(report));
  return report.output === null ? exitStatus.nothingToDo : exitStatus.doneWithErrors;
}

function describe(report: RepairReport): string {
  if (report.output === null) return `${report.file} is whole: nothing was written`;
  const items = report.logItems > 0 ? `, ${report.logItems} log items` : '';
  const saved = `${report.output}: partial: ${report.pages} pages, ${report.revisions} revisions${items} (${report.how})`;
  const lost = report.gaps.slice(0, mostGaps).map((gap) => `  lost: ${describeGap(gap)}`);
  const more = report.gaps.length - lost.length;
  return [saved, ...lost, ...(more > 0 ? [`  and ${more} more (--json tells all)`] : [])].join('\n');
}

/** More are of use to programs only. */
const mostGaps = 20;

/** "pages 13 to 18, and page 12 after revision 345: block 3, at byte 4711, bit 3: its checksum is wrong". */
function describeGap({ what, afterPageId, afterRevisionId, cutsPage, beforePageId }: Gap): string {
  const first = (afterPageId ?? 0) + 1;
  const last = beforePageId === null ? null : beforePageId - 1;
  const between = last === null ? `whatever follows page ${afterPageId ?? 'none'}` : pages(first, last);
  const rest = cutsPage ? `page ${afterPageId} after revision ${afterRevisionId}` : null;
  const lost = [rest, between].filter((part) => part !== null).join(', and ');
  return `${lost === '' ? 'nothing that is known' : lost} (${what})`;
}

function pages(first: number, last: number): string | null {
  if (first > last) return null;
  return first === last ? `page ${first}, if there was one` : `what there was of pages ${first} to ${last}`;
}
