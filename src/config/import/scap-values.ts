/** The files of a repository's `scap` folder, by paths relative to it; null where there is none. */
export type ReadScapFile = (path: string) => string | null;

/** Something that has no counterpart, or must be looked at. */
export interface ScapNote {
  readonly file: string;
  readonly line: number | null;
  readonly text: string;
}

/** Each key as it holds in the end, with its place. */
export type Values = Map<string, { readonly value: string; readonly line: number; readonly file: string }>;

/** Null where there is none, or where what stands there is none: then it goes to the notes. */
export function numberOf(values: Values, key: string, notes: ScapNote[]): number | null {
  const found = values.get(key);
  if (found === undefined) return null;
  if (/^\d{1,9}$/.test(found.value)) return Number(found.value);
  notes.push({ file: found.file, line: found.line, text: `${key} is no whole number: ${found.value}` });
  return null;
}

/** What Rota takes as the name of an environment or a group. */
export function asName(text: string): string {
  return (
    text
      .replace(/[^A-Za-z0-9_-]/g, '-')
      .replace(/^[_-]+/, '')
      .slice(0, 64) || 'unnamed'
  );
}
