import type * as z from 'zod';
import { defaultsIn } from '../defaults.ts';
import { readOnce } from '../read-once.ts';
import { mergeSettings, type Partially } from './merge-settings.ts';

/** A map of settings in which every key is there, at any depth. */
export type Complete<T> = T extends readonly unknown[]
  ? T
  : T extends object
    ? { readonly [K in keyof T]-?: Complete<Exclude<T[K], undefined>> }
    : T;

/**
 * What was given over the defaults that the schema names: `complete<Complete<z.output<typeof job>>>(job, given)`. A
 * key without a default stays away: take it out of the type.
 */
export function complete<T extends object>(schema: z.ZodType, given: object | undefined): T {
  const defaults = schema.parse(defaultsIn(schema), readOnce) as T;
  return mergeSettings<T>(defaults, given as Partially<T> | undefined);
}
