/** What log parameters are made of. */
export type PhpValue =
  | string
  | number
  | boolean
  | null
  | readonly PhpValue[]
  | { readonly [key: string]: PhpValue };

/** PHP's `serialize()` for lists, maps and scalars; lengths count bytes. */
export function phpSerialize(value: PhpValue): string {
  if (value === null) return 'N;';
  if (typeof value === 'boolean') return `b:${value ? 1 : 0};`;
  if (typeof value === 'number') return Number.isInteger(value) ? `i:${value};` : `d:${value};`;
  if (typeof value === 'string') return `s:${Buffer.byteLength(value)}:"${value}";`;
  const entries: readonly (readonly [PhpValue, PhpValue])[] = isList(value)
    ? value.map((item, index) => [index, item] as const)
    : Object.entries(value);
  const body = entries.map(([key, item]) => phpSerialize(key) + phpSerialize(item)).join('');
  return `a:${entries.length}:{${body}}`;
}

function isList(
  value: readonly PhpValue[] | { readonly [key: string]: PhpValue },
): value is readonly PhpValue[] {
  return Array.isArray(value);
}
