import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, rm, rmdir, writeFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { RotaError } from '../../core/errors/rota-error.ts';
import { systemCode } from '../../publish/files/file-failure.ts';
import { makeFolders } from '../../publish/files/make-folders.ts';
import { openDemoDatabases } from '../database/open-demo-database.ts';
import { writeSiteinfo } from '../make-demo-wiki.ts';
import { simulateDay } from '../simulate/simulate-day.ts';
import { generateWiki } from '../wiki/generate-wiki.ts';
import {
  databaseFile,
  type FarmPrograms,
  farmConfigText,
  hasExternal,
  mobileScope,
  siteinfoFile,
} from './farm-config-text.ts';
import { type FarmWiki, farmDays, farmWikis } from './farm-wikis.ts';

export interface PreparedWiki {
  readonly name: string;
  readonly siteName: string;
  readonly language: string;
  readonly pages: number;
  readonly revisions: number;
  /** What happened on the last days: for showing. */
  readonly edits: number;
  readonly moved: number;
  readonly deleted: number;
}

export interface PreparedFarm {
  /** Absolute path of its rota.yaml. */
  readonly configFile: string;
  readonly wikis: readonly PreparedWiki[];
  /** The farm was there already. */
  readonly reused: boolean;
}

export interface PrepareFarmOptions {
  readonly signal?: AbortSignal;
  /** Called with what is being made: `gardenwiki`. */
  readonly onWiki?: (name: string) => void;
  /** Other wikis than the usual two. */
  readonly wikis?: readonly FarmWiki[];
  /** Default: the machine has all. */
  readonly programs?: FarmPrograms;
}

/** Says that a folder is a finished farm, and what is in it. */
const summaryFile = 'demo.json';

/**
 * Makes the demonstration farm in a folder, or finds it there: rota.yaml, databases, siteinfo. It appears whole or not
 * at all.
 * @throws RotaError USAGE when the folder holds something else
 */
export async function prepareFarm(folder: string, options: PrepareFarmOptions = {}): Promise<PreparedFarm> {
  const target = resolve(folder);
  const configFile = join(target, 'rota.yaml');
  const farm = options.wikis ?? farmWikis;
  const programs = options.programs ?? { bz2: true };
  const found = await readSummary(target);
  if (found !== null) {
    await followPrograms(configFile, farm, programs);
    return { configFile, wikis: found, reused: true };
  }
  if (existsSync(target) && (await readdir(target)).length > 0) {
    throw new RotaError(
      'USAGE',
      `${target} is not empty and holds no demonstration farm: remove it or name another folder.`,
    );
  }
  await removeAbandoned(target);
  const work = `${target}.new-${process.pid}-${randomBytes(2).toString('hex')}`;
  await makeFolders(work);
  try {
    const wikis = await makeWikis(work, farm, options);
    await writeFile(join(work, 'rota.yaml'), farmConfigText(farm, programs));
    await mkdir(join(work, dirname(mobileScope.path)), { recursive: true });
    await writeFile(join(work, mobileScope.path), mobileScope.text);
    await writeFile(join(work, summaryFile), `${JSON.stringify({ wikis }, null, 2)}\n`);
    if (existsSync(target)) await rmdir(target);
    await rename(work, target);
    return { configFile, wikis, reused: false };
  } catch (error) {
    await rm(work, { recursive: true, force: true });
    // Somebody else made it meanwhile.
    const theirs = await readSummary(target);
    if (theirs === null || !['ENOTEMPTY', 'EEXIST', 'ENOENT'].includes(systemCode(error) ?? '')) throw error;
    return { configFile, wikis: theirs, reused: true };
  }
}

/** What processes left that were killed while they made a farm here. */
async function removeAbandoned(target: string): Promise<void> {
  const beginning = `${basename(target)}.new-`;
  const names = await readdir(dirname(target)).catch(() => []);
  for (const name of names) {
    const pid = name.startsWith(beginning) ? Number.parseInt(name.slice(beginning.length), 10) : Number.NaN;
    if (Number.isNaN(pid) || isAlive(pid)) continue;
    await rm(join(dirname(target), name), { recursive: true, force: true });
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return systemCode(error) === 'EPERM';
  }
}

async function makeWikis(
  folder: string,
  farm: readonly FarmWiki[],
  options: PrepareFarmOptions,
): Promise<readonly PreparedWiki[]> {
  const wikis: PreparedWiki[] = [];
  for (const wiki of farm) {
    options.onWiki?.(wiki.options.name);
    wikis.push(await makeWiki(folder, wiki, options.signal));
  }
  return wikis;
}

/** A rota.yaml that nobody changed follows what has been installed or removed since; another one is its owner's. */
async function followPrograms(
  configFile: string,
  farm: readonly FarmWiki[],
  programs: FarmPrograms,
): Promise<void> {
  const other = farmConfigText(farm, { bz2: !programs.bz2 });
  if ((await readFile(configFile, 'utf8')) !== other) return;
  await writeFile(configFile, farmConfigText(farm, programs));
}

async function readSummary(folder: string): Promise<readonly PreparedWiki[] | null> {
  if (!existsSync(join(folder, 'rota.yaml'))) return null;
  try {
    const saved = JSON.parse(await readFile(join(folder, summaryFile), 'utf8'));
    return saved.wikis as readonly PreparedWiki[];
  } catch {
    return null;
  }
}

async function makeWiki(folder: string, wiki: FarmWiki, signal?: AbortSignal): Promise<PreparedWiki> {
  const { options } = wiki;
  await using databases = await openDemoDatabases({
    address: join(folder, databaseFile(wiki.options.name)),
    external: hasExternal(wiki),
    replace: true,
  });
  const { database, external } = databases;
  const made = await generateWiki({
    database,
    external,
    options,
    ...(signal === undefined ? {} : { signal }),
  });
  let edits = 0;
  let moved = 0;
  let deleted = 0;
  for (let day = 0; day < farmDays; day += 1) {
    signal?.throwIfAborted();
    const summary = await simulateDay(database, external);
    edits += summary.edits;
    moved += summary.moved.length;
    deleted += summary.deleted.length;
  }
  await writeSiteinfo(join(folder, siteinfoFile(wiki)), options);
  const { name, siteName, language } = options;
  return { name, siteName, language, pages: made.pages, revisions: made.revisions, edits, moved, deleted };
}
