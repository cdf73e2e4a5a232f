import { rm } from 'node:fs/promises';
import { forgetPointers } from '../../../control/forget-pointers.ts';
import { holdLease } from '../../../control/hold-lease.ts';
import { isRotaError } from '../../../core/errors/rota-error.ts';
import { runId, subjectName } from '../../../core/ids.ts';
import { isDate } from '../../../publish/dump-catalogue/file-name.ts';
import { folderEntries } from '../../../publish/files/folder-entries.ts';
import { removeDate } from '../../../publish/retention/remove-date.ts';
import type { JobMonitoring, Sweep } from '../../definition/job-monitoring.ts';
import { dayKey, readDays } from '../day/day-record.ts';
import { changesMarkName, changesName } from '../names.ts';
import { changesTrees } from '../services.ts';
import { lockFile, lockKinds } from '../shown-lock.ts';
import { withdrawPrivateDays } from './withdraw-private-wikis.ts';

/** What keeps the days of changes in order. */
export function changesMonitoring(): JobMonitoring {
  return {
    chores: [
      { phase: 'withdraw', name: 'withdrawal of changes', run: withdrawPrivateDays },
      { phase: 'status', name: 'locks of changes', run: removeStaleLocks },
      { phase: 'retention', name: 'retention of changes', run: keepNewestDays },
    ],
  };
}

/** Locks that are shown in a day's folder though nobody is at it: what a killed process left. */
export async function removeStaleLocks(sweep: Sweep): Promise<readonly string[]> {
  const tree = changesTrees(sweep.config, sweep.trees).public;
  const removed: string[] = [];
  for (const wiki of sweep.config.wikis.keys()) {
    for (const date of await folderEntries(tree.wikiFolder(wiki))) {
      if (!isDate(date)) continue;
      const names = new Set(await folderEntries(tree.dateFolder(wiki, date)));
      for (const kind of lockKinds) {
        const path = lockFile(tree, wiki, date, kind);
        if (!names.has(path.slice(path.lastIndexOf('/') + 1))) continue;
        const job = kind === 'maxrevid' ? changesMarkName : changesName;
        const run = await sweep.store.readRun({ id: runId(job, subjectName(wiki), date) });
        if (run?.lease?.alive === true) continue;
        await rm(path, { force: true });
        removed.push(path);
      }
    }
  }
  return removed;
}

/** Removes the oldest days of each wiki, but never the newest: the next one builds on it. */
export async function keepNewestDays(sweep: Sweep): Promise<readonly string[]> {
  const { config, store, log, signal } = sweep;
  const trees = changesTrees(config, sweep.trees);
  const { keep } = config.jobs.changes.settings;
  const removed: string[] = [];
  for (const wiki of config.wikis.keys()) {
    signal.throwIfAborted();
    const days = await readDays(store, wiki);
    for (const { manifest } of days.slice(0, Math.max(0, days.length - keep))) {
      try {
        await holdLease(sweep, `publish/changes/${wiki}`, async (guard) => {
          await removeDate(trees, wiki, manifest.date, () =>
            forgetPointers(sweep, guard, dayKey(wiki, manifest.date)),
          );
        });
        removed.push(`${wiki}/${manifest.date}`);
      } catch (error) {
        if (!isRotaError(error, 'LEASE_HELD')) throw error;
      }
    }
  }
  if (removed.length > 0) log.info({ removed }, 'old days of changes were removed');
  return removed;
}
