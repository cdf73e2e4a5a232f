/**
 * The kinds of values that rota.yaml holds. Every schema's error is a phrase that completes "expected …"; the fault
 * list puts it beside the place and what was found there.
 */
import * as z from 'zod';

const unitsMs: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1_000,
  m: 60_000,
  min: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
};
const durationPattern = /^(?:\d+(?:\.\d+)?(?:ms|s|min|m|h|d|w)\s*)+$/;

const unitsBytes: Readonly<Record<string, number>> = {
  B: 1,
  kB: 1_000,
  MB: 1_000_000,
  GB: 1_000_000_000,
  TB: 1_000_000_000_000,
  KiB: 1_024,
  MiB: 1_048_576,
  GiB: 1_073_741_824,
  TiB: 1_099_511_627_776,
};
const sizePattern = /^(\d+(?:\.\d+)?)\s*(B|kB|MB|GB|TB|KiB|MiB|GiB|TiB)$/;
const sharePattern = /^(\d+(?:\.\d+)?)\s*%$/;

/** A hundred years: what is reckoned with it is still a date. */
const longestMs = 36_525 * 86_400_000;

const durationText = z
  .string({ error: 'a duration such as 90s, 12h or 1d 12h' })
  .regex(durationPattern, { error: 'a duration such as 90s, 12h or 1d 12h' })
  .refine((text) => durationMs(text) <= longestMs, { error: 'a duration of at most a hundred years' });

/** `90s`, `12h`, `1d 12h` → milliseconds. */
export const duration = durationText.transform(durationMs).meta({ kind: 'duration' });

/** The same for what may take so long at most: nothing is done in no time. */
export const timeLimit = durationText
  .refine((text) => durationMs(text) > 0, { error: 'a duration of more than nothing' })
  .transform(durationMs)
  .meta({ kind: 'duration' });

/** `32MiB`, `35GB` → bytes. */
export const size = z
  .string({ error: 'a size such as 32MiB or 35GB' })
  .regex(sizePattern, { error: 'a size such as 32MiB or 35GB' })
  .transform((text) => {
    const [, amount, unit] = sizePattern.exec(text) ?? [];
    return Math.round(Number(amount) * (unitsBytes[unit ?? ''] ?? Number.NaN));
  })
  .meta({ kind: 'size' });

/** `5%` → 0.05. */
export const share = z
  .string({ error: 'a share such as 5%' })
  .regex(sharePattern, { error: 'a share such as 5%' })
  .transform((text) => Number(sharePattern.exec(text)?.[1]) / 100)
  .meta({ kind: 'share' });

/** A path; resolved against the file's folder later. */
export const path = z.string({ error: 'a path' }).min(1, { error: 'a path' }).meta({ kind: 'path' });

export const text = z.string({ error: 'a text' }).min(1, { error: 'a text' });

/** `''` is allowed. */
export const textOrEmpty = z.string({ error: 'a text' });

export const flag = z.boolean({ error: 'true or false' });

export function count(least: number, most: number = Number.MAX_SAFE_INTEGER) {
  const error =
    most === Number.MAX_SAFE_INTEGER
      ? `a whole number of at least ${least}`
      : `a whole number from ${least} to ${most}`;
  return z.number({ error }).int({ error }).min(least, { error }).max(most, { error });
}

export function choice<const T extends readonly [string, ...string[]]>(words: T) {
  return z.enum(words, { error: words.length === 1 ? words[0] : `one of ${words.join(', ')}` });
}

/** One word or a list of different ones: `bz2`, `[bz2, zst]`. */
export function oneOrMore<const T extends readonly [string, ...string[]]>(words: T) {
  const error = words.length === 1 ? words[0] : `one or a list of ${words.join(', ')}`;
  return z
    .union([choice(words), listOf(choice(words)).min(1, { error })], { error })
    .transform((value): readonly T[number][] => (Array.isArray(value) ? value : [value]) as T[number][]);
}

/** A list in which nothing stands twice. */
export function listOf<T extends z.ZodType>(item: T) {
  return z
    .array(item, { error: 'a list' })
    .refine((items) => new Set(items.map((i) => JSON.stringify(i))).size === items.length, {
      error: 'a list in which nothing stands twice',
    });
}

/** `off`, or what the schema says; `off` becomes null. */
export function orOff<T extends z.ZodType>(schema: T, expected: string) {
  return z
    .union([z.literal('off'), schema], { error: `${expected}, or off` })
    .transform((value): Exclude<z.output<T>, 'off'> | null =>
      value === 'off' ? null : (value as Exclude<z.output<T>, 'off'>),
    );
}

/** An absolute http(s) address. */
export const httpUrl = z
  .string({ error: 'a URL that begins with http:// or https://' })
  .refine(isHttpUrl, { error: 'a URL that begins with http:// or https://' })
  .meta({ kind: 'URL' });

export function isHttpUrl(value: string): boolean {
  const parsed = URL.canParse(value) ? new URL(value) : null;
  return (parsed?.protocol === 'http:' || parsed?.protocol === 'https:') && parsed.hostname !== '';
}

/** The table or cluster names that can stand in SQL and file names without quoting. */
export const identifier = z
  .string({ error: 'a name of letters, digits and _' })
  .regex(/^[A-Za-z0-9_]{1,64}$/, { error: 'a name of letters, digits and _' });

function durationMs(value: string): number {
  let sumMs = 0;
  for (const [, amount, unit] of value.matchAll(/(\d+(?:\.\d+)?)(ms|min|[smhdw])/g)) {
    sumMs += Number(amount) * (unitsMs[unit ?? ''] ?? Number.NaN);
  }
  return Math.round(sumMs);
}
