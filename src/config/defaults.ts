import * as z from 'zod';

/**
 * The defaults of a map of settings, as they would be written in the file: what JSON Schema says of it (`json-schema.ts`), without making
 * that, which takes as long as reading the file.
 */
export function defaultsIn(schema: z.core.$ZodType): Readonly<Record<string, unknown>> {
  const map = mapOf(schema);
  if (map === null) return {};
  const entries = Object.entries(map._zod.def.shape).flatMap(([key, property]): [string, unknown][] => {
    const whenAbsent = z.globalRegistry.get(property)?.whenAbsent;
    if (whenAbsent !== undefined) return [[key, whenAbsent]];
    return mapOf(property) === null ? [] : [[key, defaultsIn(property)]];
  });
  return Object.fromEntries(entries);
}

/** The map of keys that a value must be; null where it need not be one. */
function mapOf(schema: z.core.$ZodType): z.ZodObject | null {
  if (schema instanceof z.ZodObject) return schema;
  if (schema instanceof z.ZodOptional) return mapOf(schema._zod.def.innerType);
  if (!(schema instanceof z.ZodPipe)) return null;
  // As it is written: before a value is made of it, but behind what only fills in the empty one.
  const { in: given, out } = schema._zod.def;
  return mapOf(given instanceof z.ZodTransform ? out : given);
}
