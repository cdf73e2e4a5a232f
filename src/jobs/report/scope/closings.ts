import type { ScopeTask, Segment } from './scope-task.ts';

/** The day of the closure that holds at each segment: where the resolved state began, in the scope or not. */
export function closingDays(task: ScopeTask): readonly (number | null)[] {
  let closed: number | null = null;
  return task.segments.map((segment) => {
    if (segment.state !== 'resolved') closed = null;
    else closed ??= segment.from;
    return closed;
  });
}

/** The first day in a column that is not the default one, or in work by its status; null before. */
export function startDay(task: ScopeTask): number | null {
  const isStarted = (segment: Segment) => segment.column !== '' || segment.status === 'progress';
  return task.segments.find(isStarted)?.from ?? null;
}
