import { runStates } from '../../core/run-state.ts';
import type { FarmStatus } from '../../operations/status/farm-status.ts';

/** For Prometheus, in its text format. */
export function metrics(status: FarmStatus): string {
  const lines: string[] = [];
  const family = (
    name: string,
    help: string,
    samples: readonly (readonly [Readonly<Record<string, string>>, number])[],
  ) => {
    lines.push(`# HELP ${name} ${help}`, `# TYPE ${name} gauge`);
    for (const [labels, value] of samples) lines.push(`${name}${labelText(labels)} ${value}`);
  };
  const jobs = [...new Set(status.subjects.map(({ job }) => job))];
  family(
    'rota_subjects',
    'Subjects by the state of their newest run.',
    jobs.flatMap((job) =>
      [...runStates, 'never' as const].map(
        (state) =>
          [
            { job, state },
            status.subjects.filter((one) => one.job === job && one.state === state).length,
          ] as const,
      ),
    ),
  );
  family(
    'rota_run_updated_seconds',
    'When the newest run of a subject changed last, in seconds since 1970.',
    status.subjects.flatMap((one) =>
      one.updatedAt === undefined ? [] : [[about(one), one.updatedAt.getTime() / 1000] as const],
    ),
  );
  family(
    'rota_run_progress_ratio',
    'How far the stage in work is, 0 to 1.',
    status.subjects.flatMap((one) =>
      one.progress === undefined || one.progress.total === 0
        ? []
        : [[{ ...about(one), stage: one.progress.stage }, one.progress.done / one.progress.total] as const],
    ),
  );
  family(
    'rota_next_due_seconds',
    'When a subject is due next, in seconds since 1970.',
    status.subjects.flatMap((one) =>
      one.nextDueAt === undefined ? [] : [[about(one), one.nextDueAt.getTime() / 1000] as const],
    ),
  );
  family('rota_workers', 'Worker processes that are there.', [[{}, status.workers.length]]);
  return `${lines.join('\n')}\n`;
}

function about(one: { readonly job: string; readonly subject: string }): {
  readonly job: string;
  readonly subject: string;
} {
  return { job: one.job, subject: one.subject };
}

function labelText(labels: Readonly<Record<string, string>>): string {
  const parts = Object.entries(labels).map(
    ([name, value]) =>
      `${name}="${value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')}"`,
  );
  return parts.length === 0 ? '' : `{${parts.join(',')}}`;
}
