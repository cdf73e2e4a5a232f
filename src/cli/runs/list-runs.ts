import { wikiNamed } from '../../config/wiki-named.ts';
import type { RunView } from '../../control/store/run-view.ts';
import { durationText } from '../../core/duration-text.ts';
import { RotaError } from '../../core/errors/rota-error.ts';
import { type ExitStatus, exitStatus } from '../../core/exit-status.ts';
import { nearest } from '../../core/nearest.ts';
import { isRunState, type RunState, runStates } from '../../core/run-state.ts';
import { jobNamed } from '../../jobs/definition/job-named.ts';
import { runStatus } from '../../operations/status/farm-status.ts';
import type { Cli } from '../cli.ts';
import { progressOf } from '../output/status-text.ts';
import { withStoreToRead } from '../with-store.ts';

export interface ListRunsOptions {
  readonly subject?: string;
  readonly job?: string;
  readonly state?: readonly string[];
  readonly limit: string;
}

export async function listRuns(cli: Cli, options: ListRunsOptions): Promise<ExitStatus> {
  const limit = Number(options.limit);
  if (!Number.isInteger(limit) || limit < 1 || limit > 100_000) {
    throw new RotaError('USAGE', `--limit ${JSON.stringify(options.limit)} is no number of runs`);
  }
  const states = options.state?.map(stateNamed);
  return await withStoreToRead(cli, async ({ store, config, jobs, known }) => {
    if (options.job !== undefined) jobNamed(jobs, options.job);
    const runs = await store.listRuns({
      ...(options.job === undefined ? {} : { job: options.job }),
      ...(options.subject === undefined ? {} : { subject: options.subject }),
      ...(states === undefined ? {} : { states }),
      limit,
    });
    // What has left rota.yaml may have runs all the same: only a name that stands nowhere is a mistake.
    const { subject } = options;
    if (subject !== undefined && runs.length === 0 && !known.subjects.has(subject)) {
      const [any] = await store.listRuns({ subject, limit: 1 });
      if (any === undefined) wikiNamed(config, subject);
    }
    const now = cli.clock.now();
    cli.out.table<RunView>(
      [
        { title: 'RUN', value: (run) => run.id, shrinks: true },
        { title: 'STATE', value: (run) => run.state },
        { title: 'TOOK', value: (run) => took(run, now), align: 'right' },
        { title: 'PROGRESS', value: (run) => progressOf(runStatus(run), now), shrinks: true },
      ],
      runs,
      'there is no such run',
    );
    return exitStatus.done;
  });
}

function took(run: RunView, now: Date): string {
  if (run.startedAt === undefined) return '';
  return durationText(Math.max(0, (run.endedAt ?? now).getTime() - run.startedAt.getTime()));
}

function stateNamed(text: string): RunState {
  if (isRunState(text)) return text;
  const near = nearest(text, runStates);
  const hint = near === null ? `they are ${runStates.join(', ')}` : `did you mean ${near}?`;
  throw new RotaError('USAGE', `there is no state ${JSON.stringify(text)}; ${hint}`);
}
