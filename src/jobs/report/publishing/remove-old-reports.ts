import { readdir, readlink, rename, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { datedReport, versionsFolder } from './report-place.ts';

/**
 * Keeps the newest dated reports of a scope, and always the one that `latest` names. Versions that no date names any more
 * go: of old dates, replaced ones, and what a process left that died before it could name them.
 */
export async function removeOldReports(home: string, keep: number, latest: string): Promise<void> {
  const dates = (await readdir(home)).filter((name) => datedReport.test(name));
  const old = dates
    .sort()
    .reverse()
    .slice(keep)
    .filter((name) => name !== latest);
  for (const name of old) await rm(join(home, name));
  const kept = dates.filter((name) => !old.includes(name));
  const named = await Promise.all(kept.map((name) => readlink(join(home, name)).catch(() => '')));
  const inUse = new Set(named.map((target) => basename(target)));
  const versions = join(home, versionsFolder);
  for (const name of await readdir(versions).catch(() => [])) {
    if (inUse.has(name)) continue;
    // Gone in one act, however long it takes to remove what was in it.
    const trash = name.startsWith('.trash-') ? name : `.trash-${name}`;
    if (trash !== name) await rename(join(versions, name), join(versions, trash));
    await rm(join(versions, trash), { recursive: true, force: true });
  }
}
