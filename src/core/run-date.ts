/** The date of a run (`20261130`) as ISO 8601 has it (`2026-11-30`). */
export function isoDate(date: string): string {
  return `${date.slice(0, 4)}-${date.slice(4, 6)}-${date.slice(6, 8)}`;
}
