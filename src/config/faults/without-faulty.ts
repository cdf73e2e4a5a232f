import type * as z from 'zod';

/**
 * What a schema accepts of a value once everything it complains about is taken out (and what is then missing at the
 * top is put in from `needed`); null where that is not enough. It serves to find faults of another kind in the same go.
 */
export function withoutFaulty<T>(
  value: unknown,
  schema: z.ZodType<T>,
  needed: Readonly<Record<string, unknown>>,
): T | null {
  if (!isObject(value)) return null;
  const rest: Record<PropertyKey, unknown> = structuredClone(value);
  // Each round takes out at least one value, or ends.
  for (let round = 0; round < 20; round++) {
    const parsed = schema.safeParse(rest);
    if (parsed.success) return parsed.data;
    let changed = false;
    for (const issue of parsed.error.issues) {
      const paths =
        issue.code === 'unrecognized_keys' ? issue.keys.map((key) => [...issue.path, key]) : [issue.path];
      for (const path of paths) changed = takeOut(rest, path) || putIn(rest, path, needed) || changed;
    }
    if (!changed) return null;
  }
  return null;
}

/** Takes out the value at the path, or what is around it if there is none (where something is missing). */
function takeOut(root: unknown, path: readonly PropertyKey[]): boolean {
  for (let length = path.length; length > 0; length--) {
    const parent = path
      .slice(0, length - 1)
      .reduce<unknown>((at, key) => (isObject(at) ? at[key] : undefined), root);
    const key = path[length - 1];
    if (!isObject(parent) || key === undefined || !Object.hasOwn(parent, key)) continue;
    if (Array.isArray(parent)) parent.splice(Number(key), 1);
    else Reflect.deleteProperty(parent, key);
    return true;
  }
  return false;
}

function putIn(
  root: Record<PropertyKey, unknown>,
  path: readonly PropertyKey[],
  needed: Readonly<Record<string, unknown>>,
) {
  const key = String(path[0]);
  if (Object.hasOwn(root, key) || !Object.hasOwn(needed, key)) return false;
  root[key] = structuredClone(needed[key]);
  return true;
}

function isObject(value: unknown): value is Record<PropertyKey, unknown> {
  return typeof value === 'object' && value !== null;
}
