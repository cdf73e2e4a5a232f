import { workspaceFinder } from '../../composition.ts';
import { durationText } from '../../core/duration-text.ts';
import { RotaError } from '../../core/errors/rota-error.ts';
import { type ExitStatus, exitStatus } from '../../core/exit-status.ts';
import { type JournalStep, readJournal } from '../../jobs/deploy/fleet/step-journal.ts';
import { deploymentsOf } from '../../operations/deploy/deployments-of.ts';
import type { Cli } from '../cli.ts';
import { bytesText } from '../output/quantities.ts';
import { withStoreToRead } from '../with-store.ts';
import { environmentNamed } from './environment-named.ts';

export interface LogOptions {
  readonly run?: string;
  readonly host?: readonly string[];
  readonly stage?: string;
  readonly step?: string;
  readonly match?: string;
  readonly failed?: boolean;
  readonly slower?: string;
  /** The cost of each stage and step, over all hosts, instead of single steps. */
  readonly cost?: boolean;
}

/** Shows what was done on hosts in a deployment, step by step. */
export async function showLog(cli: Cli, name: string | undefined, options: LogOptions): Promise<ExitStatus> {
  const wanted = filterOf(options);
  return await withStoreToRead(cli, async ({ config, store }) => {
    const environment = environmentNamed(config, name);
    const runs = await deploymentsOf(store, environment.name);
    const run =
      options.run === undefined
        ? runs[0]
        : runs.find(({ id, date }) => id === options.run || date === options.run);
    if (run === undefined)
      throw new RotaError(
        'RUN_UNKNOWN',
        options.run === undefined
          ? `nothing was deployed to ${environment.name} yet`
          : `${environment.name} has no deployment ${JSON.stringify(options.run)}: see rota deploy history`,
      );
    const steps = await readJournal(workspaceFinder(config)(run));
    if (steps === null) {
      cli.out.remark(`${run.id} has no journal here: it touched no host, was made elsewhere, or is too old`);
      return exitStatus.nothingToDo;
    }
    const strangers = options.host?.filter((host) => !steps.some((step) => step.host === host)) ?? [];
    if (strangers.length > 0) cli.out.remark(`nothing was done on ${strangers.join(', ')} in ${run.id}`);
    const found = steps.filter(wanted);
    if (options.cost === true) tellCost(cli, found);
    else tellSteps(cli, found);
    return exitStatus.done;
  });
}

function tellSteps(cli: Cli, steps: readonly JournalStep[]): void {
  cli.out.table(
    [
      { title: 'AT', value: (row) => row.at.slice(11, 23) },
      { title: 'STAGE', value: (row) => row.stage },
      { title: 'HOST', value: (row) => row.host, shrinks: true },
      { title: 'STEP', value: (row) => row.step, shrinks: true },
      { title: 'TOOK', value: (row) => durationText(row.durationMs), align: 'right' },
      {
        title: '',
        value: (row) => (row.code === undefined ? '' : `${row.code}: ${row.message}`),
        shrinks: true,
      },
    ],
    steps,
    'no such step',
  );
}

function tellCost(cli: Cli, steps: readonly JournalStep[]): void {
  const groups = Map.groupBy(steps, ({ stage, step }) => `${stage}\0${step}`);
  const rows = [...groups.values()].flatMap((all) => {
    const [first] = all;
    if (first === undefined) return [];
    const times = all.map((step) => step.durationMs).toSorted((a, b) => a - b);
    return [
      {
        stage: first.stage,
        step: first.step,
        hosts: new Set(all.map((step) => step.host)).size,
        medianMs: times[Math.floor(times.length / 2)] ?? 0,
        longestMs: times.at(-1) ?? 0,
        sentBytes: bytesOf(all, (from) => from === null),
        relayedBytes: bytesOf(all, (from) => from !== null),
      },
    ];
  });
  cli.out.table(
    [
      { title: 'STAGE', value: (row) => row.stage },
      { title: 'STEP', value: (row) => row.step, shrinks: true },
      { title: 'HOSTS', value: (row) => String(row.hosts), align: 'right' },
      { title: 'MEDIAN', value: (row) => `${row.medianMs} ms`, align: 'right' },
      { title: 'LONGEST', value: (row) => `${row.longestMs} ms`, align: 'right' },
      { title: 'SENT', value: (row) => bytesOrNot(row.sentBytes), align: 'right' },
      { title: 'RELAYED', value: (row) => bytesOrNot(row.relayedBytes), align: 'right' },
    ],
    rows,
    'no such step',
  );
}

function bytesOf(steps: readonly JournalStep[], counts: (from: string | null) => boolean): number {
  return steps.reduce(
    (sum, { brought }) => sum + (brought !== undefined && counts(brought.from) ? brought.bytes : 0),
    0,
  );
}

function bytesOrNot(bytes: number): string {
  return bytes === 0 ? '' : bytesText(bytes);
}

function filterOf(options: LogOptions): (step: JournalStep) => boolean {
  const { host, stage, step, failed } = options;
  const pattern = options.match === undefined ? null : expressionOf(options.match);
  const slowerMs = options.slower === undefined ? 0 : secondsOf(options.slower) * 1000;
  return (one) =>
    (host === undefined || host.includes(one.host)) &&
    (stage === undefined || one.stage.startsWith(stage)) &&
    (step === undefined || one.step.startsWith(step)) &&
    (failed !== true || one.code !== undefined) &&
    one.durationMs >= slowerMs &&
    (pattern === null ||
      pattern.test(`${one.stage} ${one.host} ${one.step} ${one.code ?? ''} ${one.message ?? ''}`));
}

function expressionOf(text: string): RegExp {
  try {
    return new RegExp(text, 'i');
  } catch (error) {
    throw new RotaError('USAGE', `--match ${JSON.stringify(text)} is no regular expression`, {
      cause: error,
    });
  }
}

function secondsOf(text: string): number {
  const seconds = Number(text.replace(/s$/, ''));
  if (Number.isFinite(seconds) && seconds >= 0) return seconds;
  throw new RotaError('USAGE', `--slower takes seconds, such as 2 or 0.5s; it got ${JSON.stringify(text)}`);
}
