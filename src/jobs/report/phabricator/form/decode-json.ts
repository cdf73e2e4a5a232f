import { TaskDamage } from './task-damage.ts';

/** A value that is JSON in a text, as the tracker's database has it; an empty one is nothing. */
export function decodeJson(value: unknown, type: string): unknown {
  if (typeof value !== 'string') return value ?? null;
  if (value === '' || value === 'null') return null;
  // Statuses and priorities: a word in quotation marks.
  if (value.charCodeAt(0) === 0x22 && value.indexOf('"', 1) === value.length - 1 && !value.includes('\\')) {
    return value.slice(1, -1);
  }
  try {
    return JSON.parse(value);
  } catch {
    throw new TaskDamage(`a value of ${type} is no JSON: ${value.slice(0, 60)}`);
  }
}
