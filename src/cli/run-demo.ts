import { readFile } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import { RotaError } from '../core/errors/rota-error.ts';
import { demoAddress, openDemoDatabases } from '../demo/database/open-demo-database.ts';
import { prepareFarm } from '../demo/farm/prepare-farm.ts';
import type { LanguageCode } from '../demo/language/languages.ts';
import { makeDemoWiki } from '../demo/make-demo-wiki.ts';
import type { SchemaVersion } from '../demo/schema/schema-version.ts';
import { loadOptions } from '../demo/simulate/saved-options.ts';
import { simulateDay } from '../demo/simulate/simulate-day.ts';
import { parseStorage } from '../demo/wiki/parse-storage.ts';
import { defaultWikiOptions } from '../demo/wiki/wiki-options.ts';
import type { DatabaseAddress } from '../mediawiki/database/database-address.ts';
import type { Cli } from './cli.ts';

export interface DemoWikiOptions {
  readonly pages: number;
  readonly revisions: number;
  readonly seed: number;
  readonly schema: SchemaVersion;
  readonly language: LanguageCode;
  readonly meanBytes: number;
  readonly storage: string;
  readonly compress?: boolean;
  readonly level: number;
  readonly name?: string;
  readonly siteName: string;
  readonly siteinfo?: string;
  readonly passwordFile?: string;
  readonly replace?: boolean;
}

export interface DemoDayOptions {
  readonly days: number;
  readonly passwordFile?: string;
}

/** Makes the farm, or finds it, and says what it is. */
export async function runDemoFarm(cli: Cli, folder: string): Promise<undefined> {
  const farm = await prepareFarm(resolve(cli.io.cwd, folder), {
    signal: cli.signal,
    onWiki: (name) => cli.out.remark(`rota: making ${name} …`),
  });
  for (const wiki of farm.wikis) {
    cli.out.line(
      wiki,
      `${wiki.name}: "${wiki.siteName}" (${wiki.language}), ${wiki.pages} pages, ${wiki.revisions} revisions; then ${wiki.edits} edits, ${wiki.moved} moves, ${wiki.deleted} deletions`,
    );
  }
  cli.out.line(
    { configFile: farm.configFile, reused: farm.reused },
    `${farm.reused ? 'found' : 'made'} ${farm.configFile}`,
  );
  return undefined;
}

/** Makes one wiki and says what was written, how fast. */
export async function runDemoWiki(cli: Cli, database: string, given: DemoWikiOptions): Promise<undefined> {
  const place = await placeOf(cli, database, given.passwordFile);
  if (given.level < 1 || given.level > 9)
    throw new RotaError('USAGE', `--level ${given.level} is no level of compression: give 1 to 9.`);
  const begunMs = cli.clock.monotonicMs();
  let toldMs = begunMs;
  const summary = await makeDemoWiki({
    ...place,
    options: {
      ...defaultWikiOptions,
      pages: given.pages,
      revisions: given.revisions,
      seed: given.seed,
      schema: given.schema,
      language: given.language,
      meanBytes: given.meanBytes,
      storage: given.compress ? { gzip: 1 } : parseStorage(given.storage),
      compressionLevel: given.level,
      name: given.name ?? nameOf(demoAddress(place.address)),
      siteName: given.siteName,
    },
    replace: given.replace ?? false,
    siteinfoFile: given.siteinfo === undefined ? null : resolve(cli.io.cwd, given.siteinfo),
    signal: cli.signal,
    onProgress: ({ revisions, textBytes }) => {
      if (cli.clock.monotonicMs() - toldMs < 5000) return;
      toldMs = cli.clock.monotonicMs();
      cli.out.remark(
        `rota: ${revisions} of ${given.revisions} revisions, ${Math.round(textBytes / 1e6)} MB of text`,
      );
    },
  });
  const seconds = (cli.clock.monotonicMs() - begunMs) / 1000;
  cli.out.line(
    { ...summary, seconds },
    `${summary.pages} pages, ${summary.revisions} revisions (${summary.archived} more in the archive), ${summary.logEntries} log entries, ${Math.round(summary.textBytes / 1e6)} MB of text in ${seconds.toFixed(1)} s`,
  );
  return undefined;
}

/** Lets a wiki live some days and says what happened on each. */
export async function runDemoDay(cli: Cli, database: string, options: DemoDayOptions): Promise<undefined> {
  const place = await placeOf(cli, database, options.passwordFile);
  const external = await hasExternal(place);
  await using databases = await openDemoDatabases({ ...place, external, replace: false, create: false });
  for (let left = options.days; left > 0; left -= 1) {
    cli.signal.throwIfAborted();
    const day = await simulateDay(databases.database, databases.external);
    cli.out.line(
      day,
      `${day.date.toISOString().slice(0, 10)}: ${day.edits} edits, ${day.created} new pages, ${day.moved.length} moved, ${day.deleted.length} deleted, ${day.restored.length} restored, ${day.hidden.length} revisions hidden`,
    );
  }
  return undefined;
}

interface Place {
  readonly address: string;
  readonly password?: string;
}

async function placeOf(cli: Cli, database: string, passwordFile: string | undefined): Promise<Place> {
  const address = /^[a-z][a-z0-9+.-]+:/i.test(database)
    ? database
    : `sqlite:${resolve(cli.io.cwd, database)}`;
  if (passwordFile === undefined) return { address };
  try {
    const text = await readFile(resolve(cli.io.cwd, passwordFile), 'utf8');
    return { address, password: text.split(/\r?\n/, 1)[0] ?? '' };
  } catch (error) {
    throw new RotaError(
      'FILE_UNREADABLE',
      `The password file ${passwordFile} cannot be read: check its path.`,
      {
        cause: error,
      },
    );
  }
}

function nameOf(address: DatabaseAddress): string {
  return address.dialect === 'sqlite' ? basename(address.file).replace(/\.[^.]*$/, '') : address.database;
}

async function hasExternal(place: Place): Promise<boolean> {
  await using databases = await openDemoDatabases({
    ...place,
    external: false,
    replace: false,
    create: false,
  });
  const { options } = await loadOptions(databases.database);
  return (options.storage.external ?? 0) > 0;
}
