import * as z from 'zod';

/**
 * One key of rota.yaml: what it is for, and what holds when it is left out (as it would be written in the file). The
 * reference page, the JSON schema and the defaults are all made from this.
 */
export function setting<T extends z.ZodType>(schema: T, description: string, whenAbsent?: unknown) {
  // zod drops `default` from the JSON schema of what is transformed on reading; json-schema.ts puts it back.
  return schema.optional().meta({ description, ...(whenAbsent === undefined ? {} : { whenAbsent }) });
}

/** A key that must be there. */
export function required<T extends z.ZodType>(schema: T, description: string): T {
  return schema.meta({ description }) as T;
}

/** Keys that belong together; an unknown one is a fault. A key with nothing after the colon counts as empty. */
export function group<S extends z.core.$ZodLooseShape>(shape: S) {
  return z.preprocess((value) => value ?? {}, z.strictObject(shape, { error: 'a map of keys and values' }));
}

/** Named things of one kind, such as wikis. */
export function named<K extends z.ZodType<string, string>, V extends z.ZodType>(key: K, value: V) {
  return z.preprocess((given) => given ?? {}, z.record(key, value, { error: 'a map of names' }));
}
