/** A layer may lack any key, at any depth. */
export type Partially<T> = T extends readonly unknown[]
  ? T
  : T extends object
    ? { readonly [K in keyof T]?: Partially<T[K]> | undefined }
    : T;

export type Layer<T extends object> = { readonly [K in keyof T]?: Partially<T[K]> | undefined };

/** Lays maps of settings over each other, the last one on top; lists and single values are replaced as a whole. */
export function mergeSettings<T extends object>(
  bottom: T,
  ...layers: readonly (Partially<T> | undefined)[]
): T {
  let result = bottom as Readonly<Record<string, unknown>>;
  for (const layer of layers) {
    if (layer !== undefined) result = over(result, layer as Readonly<Record<string, unknown>>);
  }
  return result as T;
}

function over(bottom: Readonly<Record<string, unknown>>, top: Readonly<Record<string, unknown>>) {
  const result: Record<string, unknown> = { ...bottom };
  for (const [key, value] of Object.entries(top)) {
    if (value === undefined) continue;
    const below = result[key];
    result[key] = isMap(below) && isMap(value) ? over(below, value) : value;
  }
  return result;
}

function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
