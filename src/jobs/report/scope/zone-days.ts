const daySeconds = 86_400;

/** Which day a second belongs to, as the number of days since 1970, in a time zone. */
export interface ZoneDays {
  dayOf(second: number): number;
}

export function zoneDays(zone: string): ZoneDays {
  if (zone === 'UTC') return { dayOf: (second) => Math.floor(second / daySeconds) };
  const format = new Intl.DateTimeFormat('en', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  // Zones change their offsets on quarters of an hour: one question to the library for each is enough.
  const quarter = 900;
  const offsets = new Map<number, number>();
  const offsetOf = (second: number): number => {
    const key = Math.floor(second / quarter);
    const known = offsets.get(key);
    if (known !== undefined) return known;
    const offset = localSecond(format, key * quarter) - key * quarter;
    offsets.set(key, offset);
    return offset;
  };
  return { dayOf: (second) => Math.floor((second + offsetOf(second)) / daySeconds) };
}

/** The wall clock of the zone, read as if it were UTC. */
function localSecond(format: Intl.DateTimeFormat, second: number): number {
  const parts: Record<string, number> = {};
  for (const { type, value } of format.formatToParts(second * 1000)) parts[type] = Number(value);
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second: s = 0 } = parts;
  return Date.UTC(year, month - 1, day, hour, minute, s) / 1000;
}
