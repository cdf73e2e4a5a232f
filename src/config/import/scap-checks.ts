import { parse } from 'yaml';
import { asName, type ReadScapFile, type ScapNote } from './scap-values.ts';

/** Those of a file that have a counterpart; the others, and what is none, go to the notes. */
export function readChecks(
  read: ReadScapFile,
  file: string,
  folder: string,
  notes: ScapNote[],
): readonly Readonly<Record<string, unknown>>[] {
  const text = read(file);
  if (text === null) return [];
  const given = parsed(text, file, notes);
  if (given === undefined || given === null) return [];
  if (!isMap(given)) {
    notes.push({
      file,
      line: null,
      text: 'cannot be read: `checks:` with a check under each name is expected',
    });
    return [];
  }
  const left = (name: string, why: string) => {
    const line = text.split('\n').findIndex((one) => one.trim().startsWith(`${name}:`));
    notes.push({ file, line: line < 0 ? null : line + 1, text: `check ${name}: ${why}` });
  };
  return Object.entries(given).flatMap(([name, check]) => {
    if (!isMap(check)) {
      left(name, 'is no check: its type and command are expected');
      return [];
    }
    const { type = 'command', command, group, timeout = 30 } = check;
    const after = check.after ?? check.stage;
    if (after !== 'promote' && after !== 'handle_service' && after !== 'restart_service') {
      left(name, `is asked ${whenOf(check.before, after)}; Rota asks after the switch`);
      return [];
    }
    if (type !== 'command' && type !== 'script') {
      left(name, `a check of the type ${type} has no counterpart: write its command`);
      return [];
    }
    if (typeof command !== 'string' || command.trim() === '') {
      left(name, 'has no command');
      return [];
    }
    const isTime = typeof timeout === 'number' && timeout > 0 && timeout <= 86_400;
    if (!isTime) left(name, `its timeout is no number of seconds: ${timeout}; it has 30`);
    const what = type === 'command' ? { command } : { script: `./scap/${folder}scripts/${command}` };
    return [
      {
        name,
        ...what,
        timeout: `${isTime ? timeout : 30}s`,
        ...(typeof group === 'string' ? { groups: [asName(group)] } : {}),
      },
    ];
  });
}

function whenOf(before: unknown, after: unknown): string {
  if (before !== undefined) return `before ${before}`;
  return after === undefined ? 'at no stage that is named' : `after ${after}`;
}

/** What stands under `checks`; undefined where that cannot be said. */
function parsed(text: string, file: string, notes: ScapNote[]): unknown {
  try {
    const whole: unknown = parse(text);
    return whole === null || isMap(whole) ? whole?.checks : [];
  } catch (error) {
    notes.push({ file, line: null, text: `cannot be read: ${(error as Error).message.split('\n')[0]}` });
    return undefined;
  }
}

function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** What an environment says of a check takes the place of what the repository says of one with the same name. */
export function merged(
  before: readonly Readonly<Record<string, unknown>>[],
  own: readonly Readonly<Record<string, unknown>>[],
): readonly Readonly<Record<string, unknown>>[] {
  const names = new Set(own.map((check) => check.name));
  return [...before.filter((check) => !names.has(check.name)), ...own];
}
