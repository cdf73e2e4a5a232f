import type { RunStore } from '../../control/store/run-store.ts';
import { readDays } from '../../jobs/changes/day/day-record.ts';
import { readMarks } from '../../jobs/changes/marks/marks.ts';
import type { ShownDay } from '../pages/days-section.ts';

/** How long after its delay a day may still be waited for. */
const patienceMs = 24 * 3_600_000;

/** A wiki's days of changes and those that were marked and not dumped, newest first. */
export async function readShownDays(
  store: RunStore,
  wiki: string,
  { now, delayMs }: { readonly now: Date; readonly delayMs: number },
): Promise<readonly ShownDay[]> {
  const [days, marks] = await Promise.all([readDays(store, wiki), readMarks(store, wiki)]);
  const shown = days.map(
    ({ manifest: { date, status, increment, files } }): ShownDay => ({
      date,
      state: status,
      revisions: increment.revisions,
      bytes: files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0),
    }),
  );
  const known = new Set(shown.map(({ date }) => date));
  const [oldest, newest] = [shown[0]?.date ?? '', shown.at(-1)?.date ?? ''];
  // A mark is followed by its day when the delay is over.
  const overdue = (takenAt: string) => Date.parse(takenAt) + delayMs + patienceMs < now.getTime();
  const missing = marks
    .filter(({ date }) => date > oldest && !known.has(date))
    .filter(({ date, takenAt }) => date < newest || overdue(takenAt))
    .map(({ date }): ShownDay => ({ date, state: 'missing', revisions: 0, bytes: 0 }));
  return [...shown, ...missing].sort((a, b) => (a.date < b.date ? 1 : -1));
}
