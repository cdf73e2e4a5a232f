import { isOpen } from '../../../core/run-state.ts';
import type { RunView } from '../run-view.ts';
import {
  byDue,
  type DateRecord,
  type RunRecord,
  type RunRest,
  type SubjectRecord,
} from '../stored-records.ts';
import { makeRunView } from './views.ts';

/** What is larger (parameters may be) is not kept twice. */
const maxRestBytes = 4_096;

/**
 * The subject's dates with the run as it is now. The newest date has with it the rest of its run, written anew with each change of the
 * run's state: who asks for the newest runs of all subjects reads the subjects, and only those runs whose record changes without.
 * A version of Rota that does not know of it writes the date without, never with an old rest: such runs are read by themselves.
 */
export function withDate(subject: SubjectRecord, run: RunRecord): SubjectRecord['dates'] {
  const { id, state, dueAt, retryAt } = run;
  // What only matters to open runs is kept of those.
  const [slots, needs] = isOpen(state) ? [run.slots, run.needs] : [[], []];
  const others = subject.dates.filter((date) => date.id !== id);
  const dates = [...others, { id, state, dueAt, retryAt, slots, needs }].sort(byDue);
  return dates.map(({ rest, ...date }, i): DateRecord => {
    if (i < dates.length - 1) return date;
    return { ...date, rest: date.id === id ? restOf(run) : rest };
  });
}

/** The subject's newest run as it was when its state changed last; undefined where it is to be read by itself. */
export function newestView(subject: SubjectRecord): RunView | undefined {
  const date = subject.dates.at(-1);
  if (date?.rest === undefined) return undefined;
  const { id } = date;
  const about = { id, job: subject.job, subject: subject.subject, date: id.slice(id.lastIndexOf('/') + 1) };
  return makeRunView(about, date, date.rest);
}

function restOf(run: RunRecord): RunRest | undefined {
  const {
    id: _id,
    job: _job,
    subject: _subject,
    date: _date,
    state: _state,
    dueAt: _due,
    retryAt: _retry,
    ...rest
  } = run;
  return JSON.stringify(rest).length > maxRestBytes ? undefined : rest;
}
