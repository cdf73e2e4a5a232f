import { access } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { RotaError } from '../core/errors/rota-error.ts';

export const configName = 'rota.yaml';

/**
 * The configuration that a command works with: the one that was named (`--config`), the one of ROTA_CONFIG, or the
 * first rota.yaml in this folder and those above.
 * @returns an absolute path; a file that was named need not exist
 * @throws RotaError CONFIG_NOT_FOUND
 */
export async function findConfig(options: {
  readonly named: string | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
}): Promise<string> {
  const named = options.named ?? options.env.ROTA_CONFIG;
  if (named !== undefined && named !== '') return resolve(options.cwd, named);
  for (let folder = resolve(options.cwd); ; folder = dirname(folder)) {
    const file = join(folder, configName);
    if (await exists(file)) return file;
    if (dirname(folder) === folder) break;
  }
  throw new RotaError(
    'CONFIG_NOT_FOUND',
    `there is no ${configName} in ${options.cwd} or above: name one with --config, or make one with \`rota init\``,
  );
}

async function exists(file: string): Promise<boolean> {
  try {
    await access(file);
    return true;
  } catch {
    return false;
  }
}
