/** `20051231235959` as `2005-12-31T23:59:59Z`. */
export function isoTimestamp(stored: string): string {
  return `${stored.slice(0, 4)}-${stored.slice(4, 6)}-${stored.slice(6, 8)}T${stored.slice(8, 10)}:${stored.slice(10, 12)}:${stored.slice(12, 14)}Z`;
}
