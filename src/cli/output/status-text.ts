import { durationText } from '../../core/duration-text.ts';
import type {
  FarmStatus,
  RunStatus,
  SubjectStatus,
  WorkerStatus,
} from '../../operations/status/farm-status.ts';
import { bytesText } from './quantities.ts';
import { formatTable, printable } from './table.ts';
import { wrapped } from './wrapped.ts';

const colors: Readonly<Partial<Record<SubjectStatus['state'], number>>> = {
  done: 32,
  'done-with-errors': 33,
  running: 36,
  held: 33,
  retrying: 33,
  paused: 33,
  failed: 31,
  stopped: 31,
};

/** The status for people: a table, what went wrong, who works on what; no line is wider than `widthChars`. */
export function statusText(status: FarmStatus, widthChars: number, color: boolean): readonly string[] {
  const { subjects, at } = status;
  const kinds = new Set(subjects.map((row) => row.kind));
  const jobs = new Set(subjects.map((row) => row.job));
  const [kind = 'subject'] = kinds.size === 1 ? kinds : [];
  const table = formatTable<SubjectStatus>(
    [
      { title: kind.toUpperCase(), value: (row) => row.subject, shrinks: true },
      ...(jobs.size > 1 ? [{ title: 'JOB', value: (row: SubjectStatus) => row.job }] : []),
      { title: 'STATE', value: (row) => row.state },
      { title: 'DATE', value: (row) => row.date ?? '' },
      { title: 'PROGRESS', value: (row) => progressOf(row, at), shrinks: true },
      {
        title: 'DUE (UTC)',
        value: (row) => row.nextDueAt?.toISOString().slice(5, 16).replace('T', ' ') ?? '',
      },
    ],
    subjects,
    widthChars,
  );
  const painted = table.map((line, i) => paintState(line, subjects[i - 1]?.state, color));
  return [
    ...wrapped(headline(status), widthChars, ''),
    '',
    ...painted,
    ...section('Failed, held or waiting to be tried again:', subjects.flatMap(troubleOf), widthChars),
    ...section(
      'Who works on what:',
      subjects.flatMap((row) => workOf(row, at)),
      widthChars,
    ),
    ...section('Workers:', status.workers.map(workerText), widthChars),
    ...section(
      'Drained hosts (rota worker undrain HOST lets their workers go on):',
      status.drains.map(
        (drain) => `${drain.host}, by ${drain.by} since ${drain.at.toISOString().slice(0, 16)}Z`,
      ),
      widthChars,
    ),
    ...section(
      'Paused:',
      status.pauses.map(
        (pause) => `${pause.scope}, by ${pause.by} since ${pause.at.toISOString().slice(0, 16)}Z`,
      ),
      widthChars,
    ),
    ...(status.exit
      ? section('Workers are told to end (rota resume exit undoes it).', [], widthChars, true)
      : []),
  ];
}

const inWords = new Intl.ListFormat('en-GB');

function headline(status: FarmStatus): string {
  const counts = [...status.counts].map(([state, count]) => `${count} ${state}`);
  return [`${status.name}: ${subjectCounts(status)}`, ...counts].join(', ');
}

/** `2 wikis`, `2 wikis, 1 tracker and 3 scopes`: a wiki of two jobs counts once. */
function subjectCounts(status: FarmStatus): string {
  const byKind = new Map<string, Set<string>>();
  for (const { kind, subject } of status.subjects) {
    const names = byKind.get(kind) ?? new Set();
    byKind.set(kind, names.add(subject));
  }
  const parts = [...byKind].map(([kind, { size }]) => `${size} ${kind}${size === 1 ? '' : 's'}`);
  return parts.length === 0 ? 'nothing to do' : inWords.format(parts);
}

function section(
  title: string,
  items: readonly string[],
  widthChars: number,
  always = false,
): readonly string[] {
  if (items.length === 0 && !always) return [];
  return ['', title, ...items.flatMap((item) => wrapped(item, widthChars, '  '))];
}

/** `content 61% 24,100/s 421 MB/s 3 min 20 s left`; for what has ended how long ago; for a failure its code. */
export function progressOf(row: RunStatus, at: Date): string {
  const { progress, state, error, reason, updatedAt } = row;
  if (state === 'running') {
    if (progress === undefined) return row.request === undefined ? 'begins' : `asked to ${row.request}`;
    const { done, total, revisionsPerSecond, bytesPerSecond, etaMs } = progress;
    return [
      progress.stage,
      ...(total > 0 ? [`${Math.floor(Math.min(1, done / total) * 100)}%`] : []),
      ...(revisionsPerSecond === undefined
        ? []
        : [`${Math.round(revisionsPerSecond).toLocaleString('en-US')}/s`]),
      ...(bytesPerSecond ? [`${bytesText(bytesPerSecond)}/s`] : []),
      ...(etaMs === undefined || total === 0 ? [] : [`${durationText(etaMs)} left`]),
    ].join(' ');
  }
  if (error !== undefined && state !== 'done') return error.code;
  if (reason !== undefined && state !== 'done') return reason;
  return updatedAt === undefined
    ? ''
    : `${durationText(Math.max(0, at.getTime() - updatedAt.getTime()))} ago`;
}

function troubleOf(row: SubjectStatus): readonly string[] {
  if (!['failed', 'held', 'retrying', 'stopped', 'done-with-errors'].includes(row.state)) return [];
  const why =
    row.error === undefined ? (row.reason ?? 'its process died') : `${row.error.code}: ${row.error.message}`;
  const again =
    row.state === 'retrying' && row.retryAt ? ` (again at ${row.retryAt.toISOString().slice(11, 16)}Z)` : '';
  return [`${row.run} ${row.state}${again}: ${why}`];
}

function workOf(row: SubjectStatus, at: Date): readonly string[] {
  if (row.holder === undefined) return [];
  const since =
    row.startedAt === undefined ? '' : `, for ${durationText(at.getTime() - row.startedAt.getTime())}`;
  // Once more in full: in the table a long name may leave no room for the time left.
  return [`${row.run}: process ${row.holder.pid} on ${row.holder.host}${since}; ${progressOf(row, at)}`];
}

/** `db1: process 4711, Rota 0.1.0; full-dump 1 of 2`. */
function workerText(worker: WorkerStatus): string {
  const jobs = Object.entries(worker.slots).map(
    ([job, slots]) => `${job} ${worker.running[job] ?? 0} of ${slots}`,
  );
  return `${worker.host}: process ${worker.pid}, Rota ${worker.version}; ${jobs.join(', ') || 'claims nothing'}`;
}

/** The state stands behind names, after two spaces. */
function paintState(line: string, state: SubjectStatus['state'] | undefined, color: boolean): string {
  const code = state === undefined ? undefined : colors[state];
  if (!color || state === undefined || code === undefined) return printable(line);
  const at = line.indexOf(`  ${state}`) + 2;
  return `${line.slice(0, at)}\x1b[${code}m${state}\x1b[0m${line.slice(at + state.length)}`;
}
