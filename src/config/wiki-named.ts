import { RotaError } from '../core/errors/rota-error.ts';
import { nearest } from '../core/nearest.ts';
import type { FarmConfig, WikiConfig } from './farm-config.ts';

/** @throws RotaError WIKI_UNKNOWN, with the name that was probably meant */
export function wikiNamed(farm: FarmConfig, name: string): WikiConfig {
  const wiki = farm.wikis.get(name);
  if (wiki !== undefined) return wiki;
  const near = nearest(name, farm.wikis.keys());
  const hint = near === null ? `there is ${someOf([...farm.wikis.keys()])}` : `did you mean "${near}"?`;
  throw new RotaError('WIKI_UNKNOWN', `${farm.file} describes no wiki ${JSON.stringify(name)}; ${hint}`);
}

function someOf(names: readonly string[]): string {
  if (names.length === 0) return 'none at all';
  return `${names.slice(0, 8).join(', ')}${names.length > 8 ? ' …' : ''}`;
}
