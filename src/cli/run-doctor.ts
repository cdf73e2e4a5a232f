import { resolve } from 'node:path';
import { RotaError } from '../core/errors/rota-error.ts';
import { type ExitStatus, exitStatus } from '../core/exit-status.ts';
import { silentLog } from '../core/log.ts';
import { examineFarm } from '../operations/doctor/examine-farm.ts';
import type { Finding } from '../operations/doctor/finding.ts';
import type { Cli } from './cli.ts';
import { wrapped } from './output/wrapped.ts';

const marks = { ok: '✓', warning: '!', fault: '✗' } as const;
const colors = { ok: 32, warning: 33, fault: 31 } as const;

export interface DoctorOptions {
  readonly sharedDir?: string;
  readonly withHost?: string;
}

export async function runDoctor(
  cli: Cli,
  wiki: string | undefined,
  options: DoctorOptions,
): Promise<ExitStatus> {
  const { out, io } = cli;
  if (options.withHost !== undefined && options.sharedDir === undefined) {
    throw new RotaError('USAGE', '--with-host goes with --shared-dir: name the folder that both hosts mount');
  }
  const counts = { ok: 0, warning: 0, fault: 0 };
  const findings = examineFarm({
    readConfig: () => cli.farm(),
    ...(wiki === undefined ? {} : { wiki }),
    ...(options.sharedDir === undefined ? {} : { sharedFolder: resolve(io.cwd, options.sharedDir) }),
    ...(options.withHost === undefined ? {} : { otherHost: options.withHost }),
    searchPath: io.env.PATH ?? '',
    env: io.env,
    version: cli.version,
    clock: cli.clock,
    log: silentLog,
    signal: cli.signal,
  });
  for await (const finding of findings) {
    counts[finding.level] += 1;
    if (out.json) out.line(finding, '');
    else out.text(findingText(finding, out.widthChars, out.color));
  }
  if (counts.fault + counts.warning > 0) {
    out.remark(`${counted(counts.fault, 'fault')}, ${counted(counts.warning, 'warning')}, ${counts.ok} well`);
  }
  return counts.fault > 0
    ? exitStatus.failed
    : counts.warning > 0
      ? exitStatus.doneWithErrors
      : exitStatus.done;
}

function findingText(finding: Finding, widthChars: number, color: boolean): string {
  const { level, area, what, remedy } = finding;
  const [first = '', ...rest] = wrapped(`${area}: ${what}`, widthChars - 2, '');
  const mark = color ? `\x1b[${colors[level]}m${marks[level]}\x1b[0m` : marks[level];
  const mend = remedy === undefined ? [] : wrapped(`→ ${remedy}`, widthChars, '    ');
  return [`${mark} ${first}`, ...rest.map((line) => `  ${line}`), ...mend].join('\n');
}

function counted(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? '' : 's'}`;
}
