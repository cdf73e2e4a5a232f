import { access, constants } from 'node:fs/promises';
import { delimiter, join } from 'node:path';

/** Whether a program stands in a search path. */
export async function findProgramIn(searchPath: string, name: string): Promise<boolean> {
  for (const folder of searchPath.split(delimiter).filter((part) => part !== '')) {
    const isThere = await access(join(folder, name), constants.X_OK).then(
      () => true,
      () => false,
    );
    if (isThere) return true;
  }
  return false;
}
