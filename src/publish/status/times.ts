/** A time as the field writes it: `2026-11-22 05:14:27`, UTC; nothing for no time. */
export function fieldTime(time: Date | null): string {
  return time === null ? '' : time.toISOString().slice(0, 19).replace('T', ' ');
}

/** A time as RSS wants it (RFC 822): `Sun, 22 Nov 2026 05:15:59 GMT`. */
export function rssTime(time: Date): string {
  return time.toUTCString();
}
