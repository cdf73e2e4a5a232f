/** Statuses that end a task as done. */
const doneStatuses: ReadonlySet<string> = new Set(['resolved']);
/** Statuses that end it without: such tasks are left out of scopes while they have them. */
const droppedStatuses: ReadonlySet<string> = new Set([
  'declined',
  'invalid',
  'duplicate',
  'wontfix',
  'spite',
]);
/** Open statuses that trackers have by default; any other counts as open as well, but as unknown. */
const openStatuses: ReadonlySet<string> = new Set(['open', 'stalled', 'progress']);

export type StatusKind = 'open' | 'resolved' | 'dropped';

export function statusKind(status: string): StatusKind {
  if (doneStatuses.has(status)) return 'resolved';
  return droppedStatuses.has(status) ? 'dropped' : 'open';
}

export function isKnownStatus(status: string): boolean {
  return openStatuses.has(status) || statusKind(status) !== 'open';
}
