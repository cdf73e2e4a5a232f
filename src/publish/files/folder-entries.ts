import { readdir } from 'node:fs/promises';
import { systemCode } from './file-failure.ts';

/** The names in a folder; none when it is not there. */
export async function folderEntries(folder: string): Promise<readonly string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return [];
    throw error;
  }
}
