import { RotaError } from '../../core/errors/rota-error.ts';

export function unreadable(source: string, why: string): RotaError {
  return new RotaError(
    'SITEINFO_UNREADABLE',
    `No siteinfo can be read from ${source}: ${why}; give api.php's URL, its saved answer, or a file that begins with a dump's <siteinfo>.`,
  );
}
