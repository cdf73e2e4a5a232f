import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import type { Setting } from './setting.ts';

/** A farm of its own (trees, store) for the same wikis, with other settings of jobs; gives its folder. */
export function farmCopy(
  { farmFolder, scratchFolder }: Pick<Setting, 'farmFolder' | 'scratchFolder'>,
  name: string,
  jobs: Readonly<Record<string, unknown>>,
): string {
  const folder = join(scratchFolder, name);
  cpSync(farmFolder, folder, { recursive: true });
  const file = join(folder, 'rota.yaml');
  const config = parse(readFileSync(file, 'utf8')) as object;
  writeFileSync(file, stringify({ ...config, jobs }));
  return folder;
}
