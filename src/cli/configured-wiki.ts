import type { FarmConfig, WikiConfig } from '../config/farm-config.ts';
import { RotaError } from '../core/errors/rota-error.ts';

/** The wiki of that name, or an error that names those there are. */
export function configuredWiki(farm: FarmConfig, name: string): WikiConfig {
  const wiki = farm.wikis.get(name);
  if (wiki) return wiki;
  const names = [...farm.wikis.keys()];
  const some = names.slice(0, 8).join(', ');
  const known = names.length === 0 ? 'it has none' : `it has ${some}${names.length > 8 ? ' …' : ''}`;
  throw new RotaError('WIKI_UNKNOWN', `${JSON.stringify(name)} is no wiki of ${farm.file}: ${known}`);
}
