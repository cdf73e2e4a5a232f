/**
 * Text as it may be shown: titles and names come from anyone. Left out are control characters (XML has no way to write
 * them), marks that turn the direction of all that follows, and halves of surrogate pairs; line breaks become spaces.
 * Everything else stays: HTML and CSV escape what is special to them.
 */
export function presentableText(text: string): string {
  return text
    .replace(/[\u0009-\u000D\u0085\u2028\u2029]+/g, ' ')
    .replace(/[\u0000-\u001F\u007F-\u009F\u202A-\u202E\u2066-\u2069\uFFFE\uFFFF]/g, '')
    .toWellFormed();
}

/** A model or forecast with all its texts presentable: done once, before anything is made of it. */
export function presentable<T>(value: T): T {
  return clean(value) as T;
}

function clean(value: unknown): unknown {
  if (typeof value === 'string') return presentableText(value);
  if (Array.isArray(value)) return value.map(clean);
  // Series of numbers stay what they are.
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, clean(inner)]));
}
