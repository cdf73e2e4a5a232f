import { createRequire } from 'node:module';
import { RotaError } from '../../../core/errors/rota-error.ts';

type Constructor = abstract new (...args: never[]) => object;

/** What modules of a site are given: our classes, by name. */
export type ForModules = Readonly<Record<string, unknown>>;

/**
 * A class of the site's own in place of one of ours. The module's default export is a function that is given what it may
 * extend, and returns the class. It runs with the rights of who deploys.
 * @throws RotaError MODULE_UNFIT
 */
export function loadPart<C extends Constructor>(file: string, base: C, forModules: ForModules): C {
  const unfit = (why: string, cause?: unknown) =>
    new RotaError('MODULE_UNFIT', `${file} ${why}`, cause === undefined ? {} : { cause });
  let module: { readonly default?: unknown };
  try {
    module = createRequire(import.meta.url)(file);
  } catch (error) {
    throw unfit(`cannot be loaded: ${(error as Error).message.split('\n')[0]}`, error);
  }
  const make = module.default;
  if (typeof make !== 'function') throw unfit('has no default export that is a function');
  const made: unknown = make(forModules);
  if (typeof made === 'function' && made.prototype instanceof base) return made as unknown as C;
  throw unfit(`returns no class that extends ${base.name}`);
}
