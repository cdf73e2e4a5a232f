const names: Readonly<Record<number, string>> = {
  100: 'Unbreak Now!',
  90: 'Needs Triage',
  80: 'High',
  50: 'Medium',
  25: 'Low',
  10: 'Lowest',
  0: 'Wishlist',
};

/** The tracker keeps numbers; these are the names that it gives them unless it is told otherwise. */
export function priorityName(priority: number): string {
  return names[priority] ?? `Priority ${priority}`;
}
