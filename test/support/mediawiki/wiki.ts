import { existsSync } from 'node:fs';
import { cp, mkdir, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { execa } from 'execa';
import { type TestBed, testBed } from '../bed.ts';
import { dropDatabase, dumpDatabase, restoreDatabase, sql, withServerLock } from '../database.ts';
import { mediawikiFolder, program } from '../requirements.ts';
import {
  externalDatabaseOf,
  localSettings,
  sqliteFileOf,
  uploadFolder,
  type WikiFlags,
} from './local-settings.ts';

/** A MediaWiki on the shared test server. Disposing of it drops its databases and files. */
export interface TestWiki extends AsyncDisposable {
  readonly database: string;
  readonly flags: WikiFlags;
  readonly settingsFile: string;
}

/** Makes an installed wiki without pages of its own but the main page; whoever asks disposes of it. */
export async function createMediaWiki(database: string, flags: WikiFlags = {}): Promise<TestWiki> {
  const bed = testBed();
  await restoreDatabase(bed.mariadb, database, await installedSnapshot(bed));
  if (flags.external === true) await createExternalStore(bed, externalDatabaseOf(database));
  return await describe(bed, database, flags);
}

/** The same with its database in an SQLite file of `folder`. */
export async function createSqliteWiki(
  database: string,
  folder: string,
  flags: WikiFlags = {},
): Promise<TestWiki> {
  const installer = join(folder, 'installer');
  await mkdir(installer, { recursive: true });
  await runInstaller(installer, ['--dbtype=sqlite', `--dbpath=${folder}`, `--dbname=${database}`]);
  const file = new DatabaseSync(sqliteFileOf(folder, database));
  file.exec(fixedTimes);
  file.close();
  return await describe(testBed(), database, { ...flags, sqliteFolder: folder });
}

/** A saved state of a wiki: databases and uploads. */
export interface WikiSnapshot {
  readonly folder: string;
  readonly flags: WikiFlags;
}

export async function saveWiki(wiki: TestWiki, folder: string): Promise<WikiSnapshot> {
  const { mariadb } = testBed();
  await mkdir(folder, { recursive: true });
  await dumpDatabase(mariadb, wiki.database, join(folder, 'main.sql'));
  if (wiki.flags.external === true) {
    await dumpDatabase(mariadb, externalDatabaseOf(wiki.database), join(folder, 'external.sql'));
  }
  const uploads = uploadFolder(testBed(), wiki.database);
  if (existsSync(uploads)) await cp(uploads, join(folder, 'uploads'), { recursive: true });
  return { folder, flags: wiki.flags };
}

/** A wiki of the name `database` in the saved state; the name may be another than it had, and so may the flags. */
export async function restoreWiki(
  database: string,
  saved: WikiSnapshot,
  otherFlags: WikiFlags = {},
): Promise<TestWiki> {
  const bed = testBed();
  const flags = { ...saved.flags, ...otherFlags };
  await restoreDatabase(bed.mariadb, database, join(saved.folder, 'main.sql'));
  const external = join(saved.folder, 'external.sql');
  if (existsSync(external)) await restoreDatabase(bed.mariadb, externalDatabaseOf(database), external);
  else if (flags.external === true) await createExternalStore(bed, externalDatabaseOf(database));
  const uploads = join(saved.folder, 'uploads');
  if (existsSync(uploads)) await cp(uploads, uploadFolder(bed, database), { recursive: true });
  return await describe(bed, database, flags);
}

export interface MaintenanceOptions {
  readonly input?: Buffer | string;
  readonly env?: Readonly<Record<string, string>>;
  /** Do not throw when the script fails; MediaWiki's dumps die on some broken rows. */
  readonly mayFail?: boolean;
}

export interface MaintenanceResult {
  readonly status: number;
  readonly stdout: Buffer;
  readonly stderr: string;
}

/**
 * Runs a maintenance script of MediaWiki (`dumpBackup`, `storage/compressOld`) or, given a path that ends in `.php`,
 * one of ours.
 */
export async function runMaintenance(
  wiki: TestWiki,
  script: string,
  args: readonly string[] = [],
  options: MaintenanceOptions = {},
): Promise<MaintenanceResult> {
  const file = script.endsWith('.php') ? script : join(mediawikiFolder(), 'maintenance', `${script}.php`);
  const result = await execa(program('php'), ['-d', 'memory_limit=1G', file, ...args], {
    env: { MW_INSTALL_PATH: mediawikiFolder(), MW_CONFIG_FILE: wiki.settingsFile, ...options.env },
    input: options.input ?? '',
    encoding: 'buffer',
    stripFinalNewline: false,
    maxBuffer: 1 << 30,
    reject: false,
  });
  const status = result.exitCode ?? 128;
  const stderr = Buffer.from(result.stderr).toString();
  if (status !== 0 && options.mayFail !== true) {
    const said = Buffer.from(result.stdout).toString().slice(-1500);
    throw new Error(
      `${script} ${args.join(' ')} for ${wiki.database} ended with ${status}: ${stderr.slice(-3000)}${said}`,
    );
  }
  return { status, stdout: Buffer.from(result.stdout), stderr };
}

/** Fills a wiki with the cases of test/testbed/sets/<set>. */
export async function fillWiki(wiki: TestWiki, ...sets: readonly string[]): Promise<void> {
  for (const set of sets) await fill(wiki, set, {});
}

async function fill(wiki: TestWiki, set: string, env: Readonly<Record<string, string>>): Promise<void> {
  const filler = resolve(import.meta.dirname, '../../testbed/fill.php');
  const { stdout, stderr } = await runMaintenance(wiki, filler, [`--set=${set}`], { env });
  const complaints = `${stderr}${stdout.toString()}`.trim();
  if (complaints !== '')
    throw new Error(`filling ${wiki.database} with ${set}: ${complaints.slice(0, 3000)}`);
}

/** Lets a wiki live one day: what happens follows from its number. */
export async function liveMediaWikiDay(wiki: TestWiki, day: number): Promise<void> {
  await fill(wiki, 'life', { DAY: String(day) });
}

async function describe(bed: TestBed, database: string, flags: WikiFlags): Promise<TestWiki> {
  const folder = join(bed.folder, 'wikis', database);
  const uploads = uploadFolder(bed, database);
  await mkdir(folder, { recursive: true });
  await mkdir(uploads, { recursive: true });
  const settingsFile = join(folder, 'LocalSettings.php');
  await writeFile(settingsFile, localSettings(bed, database, flags));
  return {
    database,
    flags,
    settingsFile,
    [Symbol.asyncDispose]: async () => {
      await dropDatabase(bed.mariadb, database);
      await dropDatabase(bed.mariadb, externalDatabaseOf(database));
      await rm(folder, { recursive: true, force: true });
      await rm(uploads, { recursive: true, force: true });
    },
  };
}

/** MediaWiki's installer runs once; every wiki starts as a copy of its result. */
async function installedSnapshot(bed: TestBed): Promise<string> {
  const snapshot = join(bed.folder, 'snapshots', 'installed.sql');
  await withServerLock(bed.mariadb, 'rota install', async () => {
    if (existsSync(snapshot)) return;
    const folder = join(bed.folder, 'installer');
    await mkdir(folder, { recursive: true });
    await mkdir(join(bed.folder, 'snapshots'), { recursive: true });
    await mkdir(join(bed.folder, 'mediawiki-cache'), { recursive: true });
    const { user, password } = bed.mariadb.writer;
    await runInstaller(folder, [
      '--dbtype=mysql',
      `--dbserver=localhost:${bed.mariadb.socket}`,
      '--dbname=rota_installed',
      `--dbuser=${user}`,
      `--dbpass=${password}`,
      `--installdbuser=${user}`,
      `--installdbpass=${password}`,
    ]);
    await sql(bed.mariadb, 'rota_installed', fixedTimes);
    await dumpDatabase(bed.mariadb, 'rota_installed', `${snapshot}.part`);
    await dropDatabase(bed.mariadb, 'rota_installed');
    await cp(`${snapshot}.part`, snapshot);
  });
  return snapshot;
}

async function runInstaller(folder: string, database: readonly string[]): Promise<void> {
  await execa(program('php'), [
    join(mediawikiFolder(), 'maintenance', 'install.php'),
    `--confpath=${folder}`,
    ...database,
    '--server=http://installed.example',
    '--scriptpath=/w',
    '--pass=Private!Admin1',
    'Installed',
    'Admin',
  ]);
}

/** What the installer stamps with the present is given a fixed time, so that a filled wiki is always the same. */
const fixedTimes = `
  UPDATE revision SET rev_timestamp = '20191231235900';
  UPDATE page SET page_touched = '20191231235900';
  UPDATE logging SET log_timestamp = '20191231235900';
  UPDATE user SET user_registration = '20191231235900', user_touched = '20191231235900';`;

async function createExternalStore(bed: TestBed, database: string): Promise<void> {
  await sql(
    bed.mariadb,
    'mysql',
    `DROP DATABASE IF EXISTS \`${database}\`; CREATE DATABASE \`${database}\` CHARACTER SET binary`,
  );
  const columns = 'blob_id INTEGER UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY, blob_text LONGBLOB';
  await sql(bed.mariadb, database, `CREATE TABLE blobs (${columns}) ENGINE=InnoDB`);
}
