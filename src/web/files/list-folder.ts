import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** More names than this of a folder are not listed. */
const longestList = 5_000;

export interface Entry {
  readonly name: string;
  readonly isFolder: boolean;
  readonly bytes: number;
  readonly at: Date;
}

/** By name; hidden ones are not there. */
export async function listFolder(folder: string): Promise<readonly Entry[]> {
  const names = (await readdir(folder))
    .filter((name) => !name.startsWith('.'))
    .toSorted()
    .slice(0, longestList);
  const entries = await Promise.all(
    names.map(async (name): Promise<Entry | null> => {
      const found = await stat(join(folder, name)).catch(() => null);
      return found && { name, isFolder: found.isDirectory(), bytes: found.size, at: found.mtime };
    }),
  );
  return entries.filter((entry) => entry !== null);
}
