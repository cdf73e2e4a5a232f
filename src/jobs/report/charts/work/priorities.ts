/** Phabricator's usual names, the most urgent first; others follow by name. */
const usual = [
  'Unbreak Now!',
  'Needs Triage',
  'High',
  'Medium',
  'Normal',
  'Low',
  'Lowest',
  'Wishlist',
  'Needs Volunteer',
];

export function comparePriorities(a: string, b: string): number {
  const [i, j] = [place(a), place(b)];
  return i - j || (a < b ? -1 : a > b ? 1 : 0);
}

/**
 * One hue from strong to pale, the most urgent strongest, as many steps as there are priorities: an order, so no seven
 * colours.
 */
export function priorityFills(priorities: readonly string[]): readonly string[] {
  const steps = 6;
  return priorities.map(
    (_, i) =>
      `step-${Math.min(steps - 1, Math.round((i * (steps - 1)) / Math.max(1, priorities.length - 1)))}`,
  );
}

function place(priority: string): number {
  const at = usual.indexOf(priority);
  return at < 0 ? usual.length : at;
}
