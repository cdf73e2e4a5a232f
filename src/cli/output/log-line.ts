import { printable } from './table.ts';

/** Turns pino's line of JSON into one for people: `12:34:56 warn  message (wiki=frwiki)`. */
export function logLine(json: string): string {
  const { time, level, msg, ...facts } = JSON.parse(json) as Record<string, unknown>;
  const clock = typeof time === 'string' ? time.slice(11, 19) : '';
  const particulars = Object.entries(facts).map(([key, value]) => `${key}=${factText(value)}`);
  const tail = particulars.length === 0 ? '' : ` (${particulars.join(' ')})`;
  return printable(`${clock} ${String(level).padEnd(5)} ${String(msg ?? '')}${tail}`);
}

function factText(value: unknown): string {
  if (typeof value === 'string' && /^[^\s"=()]+$/.test(value)) return value;
  if (typeof value === 'object' && value !== null && 'message' in value) return JSON.stringify(value.message);
  return JSON.stringify(value) ?? 'undefined';
}
