/** Seconds since 1970 as MediaWiki stores a time: 14 digits, UTC. */
export function mediawikiTimestamp(seconds: number): string {
  const iso = new Date(seconds * 1000).toISOString();
  return `${iso.slice(0, 4)}${iso.slice(5, 7)}${iso.slice(8, 10)}${iso.slice(11, 13)}${iso.slice(14, 16)}${iso.slice(17, 19)}`;
}

/** 14 digits to seconds since 1970. */
export function secondsOf(timestamp: string): number {
  const part = (from: number, to: number): number => Number(timestamp.slice(from, to));
  return Date.UTC(part(0, 4), part(4, 6) - 1, part(6, 8), part(8, 10), part(10, 12), part(12, 14)) / 1000;
}
