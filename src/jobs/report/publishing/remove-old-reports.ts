import { readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';

import { datedReport } from './report-place.ts';

/** Keeps the newest dated reports of a scope, and always the one that `latest` names. */
export async function removeOldReports(home: string, keep: number, latest: string): Promise<void> {
  const names = await readdir(home);
  const old = names
    .filter((name) => datedReport.test(name))
    .sort()
    .reverse()
    .slice(keep);
  for (const name of old) {
    if (name === latest) continue;
    // Gone in one act, however long it takes to remove what was in it.
    await rename(join(home, name), join(home, `.trash-${name}`));
  }
  for (const name of await readdir(home)) {
    if (name.startsWith('.trash-')) await rm(join(home, name), { recursive: true, force: true });
  }
}
