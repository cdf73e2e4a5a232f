import { RotaError } from '../../core/errors/rota-error.ts';
import { type ExitStatus, exitStatus } from '../../core/exit-status.ts';
import { type CheckReport, checkDump } from '../../files/check-dump.ts';
import { checkEnd, type EndReport } from '../../files/check-end.ts';
import { describeProblem } from '../../files/sound-parts.ts';
import type { Cli } from '../cli.ts';
import { bytesText } from '../output/quantities.ts';
import { openDump, refuseTwiceStdin } from './file-tools.ts';

export interface CheckOptions {
  readonly end?: boolean;
}

const toldProblems = 10;

export async function check(cli: Cli, files: readonly string[], options: CheckOptions): Promise<ExitStatus> {
  refuseTwiceStdin(files);
  let isWhole = true;
  for (const file of files) {
    const report = await reportOf(cli, file, options).catch((error: unknown) => {
      cli.signal.throwIfAborted();
      if (files.length === 1 || !(error instanceof RotaError)) throw error;
      return error;
    });
    if (report instanceof RotaError) {
      // The others are looked at all the same.
      cli.out.line(
        { file, ok: false, error: { code: report.code, message: report.message } },
        unread(report),
      );
      isWhole = false;
      continue;
    }
    cli.out.line(report, 'damage' in report ? headline(report) : endLine(report));
    if ('damage' in report && !cli.out.json) for (const line of detailsOf(report)) cli.out.text(line);
    isWhole &&= report.ok && !report.partial;
  }
  return isWhole ? exitStatus.done : exitStatus.failed;
}

async function reportOf(cli: Cli, file: string, options: CheckOptions): Promise<CheckReport | EndReport> {
  const source = await openDump(cli, file);
  return options.end === true ? await checkEnd(source) : await checkDump(source, cli.signal);
}

function unread({ code, message }: RotaError): string {
  return `not looked at: ${code}: ${message}`;
}

function headline(report: CheckReport): string {
  const state = report.ok ? (report.partial ? 'partial' : 'whole') : 'damaged';
  const items = report.logItems > 0 ? `, ${report.logItems} log items` : '';
  return (
    `${report.file}: ${state}: ${report.pages} pages, ${report.revisions} revisions${items}, ` +
    `${bytesText(report.rawBytes)} of XML (${report.format})`
  );
}

function endLine(report: EndReport): string {
  const state = report.ok
    ? report.partial
      ? 'ends well, but is partial'
      : 'ends well'
    : `damaged: ${report.what}`;
  return `${report.file}: ${state} (only the end was read: ${bytesText(report.bytesRead)}, ${report.format})`;
}

function* detailsOf(report: CheckReport): Generator<string, void, void> {
  const { damage, insidePageId: inside } = report;
  if (report.partial) yield '  it was cut back by rota xml repair';
  if (damage !== null && damage.block !== null) {
    const how = damage.isCut === true ? 'cut short in' : 'damaged at';
    yield `  ${how} block ${damage.block}, at byte ${damage.fileOffset}, bit ${damage.bit}: ${damage.what}`;
  } else if (damage !== null) {
    const near = damage.fileOffset === null ? '' : `near byte ${damage.fileOffset} of ${report.fileBytes}: `;
    yield `  ${near}${damage.what}`;
  }
  if (report.ok) return;
  if (report.lastPageId !== null) yield `  last whole page: ${report.lastPageId}`;
  if (report.lastRevisionId !== null) yield `  last whole revision: ${report.lastRevisionId}`;
  if (inside !== null) yield `  it ends inside page ${inside}`;
  // After damage the XML is cut, too: that is no news.
  const problems = damage === null ? report.problems : report.problems.slice(0, -1);
  for (const problem of problems.slice(0, toldProblems)) yield `  ${describeProblem(problem)}`;
  const more = report.problemCount - toldProblems;
  if (more > 0) yield `  and ${more} more faults (--json lists 100)`;
}
