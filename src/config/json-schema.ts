import * as z from 'zod';
import type { Path } from './faults/document.ts';
import { farmSchema } from './schema/farm.ts';

/** The part of JSON Schema that describes rota.yaml. */
export interface JsonSchema {
  readonly type?: string;
  readonly description?: string;
  /** The kind of value, in a word or two. */
  readonly $comment?: string;
  readonly default?: unknown;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | JsonSchema;
  readonly items?: JsonSchema;
  readonly anyOf?: readonly JsonSchema[];
}

/** The JSON schema (draft 2020-12) of rota.yaml, for editors. */
export function configJsonSchema(): JsonSchema {
  return schemaOf(farmSchema, { title: 'rota.yaml' });
}

export function schemaOf(schema: z.ZodType, extra: object = {}): JsonSchema {
  // What a check in code looks at (a cron expression, a URL) is a plain string to an editor.
  return { ...extra, ...withDefaults(z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' })) };
}

/** Puts {@link setting}'s defaults and the names of kinds of values where JSON Schema has them. */
function withDefaults(schema: unknown): JsonSchema {
  return JSON.parse(JSON.stringify(schema), (_key, value) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
    const { whenAbsent, kind, ...rest } = value;
    if (whenAbsent === undefined && typeof kind !== 'string') return value;
    return {
      ...rest,
      ...(typeof kind === 'string' ? { $comment: kind } : {}),
      ...(whenAbsent === undefined ? {} : { default: whenAbsent }),
    };
  });
}

/** The keys that may stand at a path; [] where there are none or any. */
export function keysAt(schema: JsonSchema, path: Path): readonly string[] {
  const [first, ...rest] = path;
  if (schema.anyOf !== undefined) return schema.anyOf.flatMap((branch) => keysAt(branch, path));
  if (first === undefined) return Object.keys(schema.properties ?? {});
  const next =
    typeof first === 'number'
      ? schema.items
      : (schema.properties?.[first] ??
        (typeof schema.additionalProperties === 'object' ? schema.additionalProperties : undefined));
  return next === undefined ? [] : keysAt(next, rest);
}
