import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { type DemoDatabases, openDemoDatabases } from '../database/open-demo-database.ts';
import { loadOptions } from '../simulate/saved-options.ts';
import { type DaySummary, simulateDay } from '../simulate/simulate-day.ts';
import { databaseFile } from './farm-config-text.ts';

const dayMs = 86_400_000;

/** How far a wiki of the demonstration farm has lived. */
export interface WikiDay {
  /** Days since it was made. */
  readonly day: number;
  /** The wiki's own date, YYYYMMDD: the morning after that day. A dump bears it, however often a day it is asked for. */
  readonly date: string;
}

/** @throws RotaError DATABASE_MISSING, USAGE when the wiki is none of the farm in this folder */
export async function readWikiDay(folder: string, wiki: string): Promise<WikiDay> {
  await using databases = await open(folder, wiki, false);
  const { options, day } = await loadOptions(databases.database);
  const date = new Date(options.until.getTime() + day * dayMs).toISOString().slice(0, 10).replaceAll('-', '');
  return { day, date };
}

/** Lets a wiki live until it has lived so many days in all; tells of each. */
export async function liveUntilDay(
  folder: string,
  wiki: string,
  day: number,
  { signal, onDay }: { readonly signal?: AbortSignal; readonly onDay?: (summary: DaySummary) => void } = {},
): Promise<void> {
  const external = await hasExternal(folder, wiki);
  await using databases = await open(folder, wiki, external);
  let lived = (await loadOptions(databases.database)).day;
  while (lived < day) {
    await nextTurn();
    signal?.throwIfAborted();
    const summary = await simulateDay(databases.database, databases.external);
    lived = summary.day;
    onDay?.(summary);
  }
}

async function hasExternal(folder: string, wiki: string): Promise<boolean> {
  await using databases = await open(folder, wiki, false);
  return ((await loadOptions(databases.database)).options.storage.external ?? 0) > 0;
}

async function open(folder: string, wiki: string, external: boolean): Promise<DemoDatabases> {
  return await openDemoDatabases({
    address: `sqlite:${join(folder, databaseFile(wiki))}`,
    external,
    replace: false,
    create: false,
  });
}
