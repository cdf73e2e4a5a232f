import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { OPTIONAL_MARK } from './requirements.ts';

/** Real published dumps for tests stand in ROTA_SHARED_DATA, or in shared/data beside the repository. */
export function sharedDataFile(name: string): string {
  const folder = process.env.ROTA_SHARED_DATA ?? resolve(import.meta.dirname, '../../../shared/data');
  return join(folder, name);
}

/** `false` when the file is there, else a reason to skip that is never a failure: not everyone has the data. */
export function requiresSharedData(name: string): string | false {
  return existsSync(sharedDataFile(name))
    ? false
    : `${OPTIONAL_MARK}needs the real dump ${name} (ROTA_SHARED_DATA=FOLDER)`;
}
