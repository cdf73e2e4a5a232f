import { mkdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { stringify } from 'yaml';
import { testBed } from '../bed.ts';
import type { Account, MariadbAddress } from '../mariadb.ts';
import { externalDatabaseOf, sqliteFileOf } from './local-settings.ts';
import { runMaintenance, type TestWiki } from './wiki.ts';

export interface FarmSettings {
  /** Keys of `jobs.full-dump`. */
  readonly fullDump?: Readonly<Record<string, unknown>>;
  /** Keys of every wiki. */
  readonly wikiDefaults?: Readonly<Record<string, unknown>>;
  /** Top-level keys, such as `lease`. */
  readonly farm?: Readonly<Record<string, unknown>>;
  /** The server to read from, when it is not the shared one. */
  readonly server?: MariadbAddress;
  readonly account?: Account;
}

export interface Farm {
  /** Where rota.yaml stands, the working folder of the commands. */
  readonly folder: string;
  readonly publicFolder: string;
  readonly privateFolder: string;
}

/** Writes a rota.yaml for these wikis into `folder`; the account may only read, as the docs ask for. */
export async function writeFarm(
  folder: string,
  wikis: readonly TestWiki[],
  settings: FarmSettings = {},
): Promise<Farm> {
  await mkdir(folder, { recursive: true });
  const server = settings.server ?? testBed().mariadb;
  const account = settings.account ?? server.reader;
  await writeFile(join(folder, 'database-password'), `${account.password}\n`, { mode: 0o600 });
  const address = (database: string): string =>
    `mysql://${account.user}@localhost/${database}?socket=${encodeURIComponent(server.socket)}`;
  const entries = wikis.map(async (wiki) => {
    const siteinfo = `${wiki.database}-siteinfo.json`;
    await writeFile(join(folder, siteinfo), await siteInfoAnswer(wiki));
    const sqlite = wiki.flags.sqliteFolder;
    const external = wiki.flags.external === true;
    const stores = { externalStores: { cluster1: address(externalDatabaseOf(wiki.database)) } };
    return [
      wiki.database,
      {
        database:
          sqlite === undefined ? address(wiki.database) : `sqlite:${sqliteFileOf(sqlite, wiki.database)}`,
        siteinfo,
        ...(sqlite === undefined ? { passwordFile: 'database-password' } : {}),
        ...(external ? stores : {}),
        ...settings.wikiDefaults,
      },
    ] as const;
  });
  const config = {
    output: { public: 'public', private: 'private' },
    store: 'sqlite:rota.db',
    ...settings.farm,
    wikis: Object.fromEntries(await Promise.all(entries)),
    jobs: { 'full-dump': settings.fullDump ?? {} },
  };
  await writeFile(join(folder, 'rota.yaml'), stringify(config));
  return { folder, publicFolder: join(folder, 'public'), privateFolder: join(folder, 'private') };
}

/** What the wiki's api.php answers, as JSON. */
export async function siteInfoAnswer(wiki: TestWiki): Promise<Buffer> {
  const script = resolve(import.meta.dirname, '../../testbed/siteinfo.php');
  return (await runMaintenance(wiki, script)).stdout;
}
