import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { loadConfig } from '../../src/config/load-config.ts';
import { wikiNamed } from '../../src/config/wiki-named.ts';
import { silentLog } from '../../src/core/log.ts';
import { wikiAccess } from '../../src/dumping/wiki-access.ts';
import type { DatabaseAddress } from '../../src/mediawiki/database/database-address.ts';
import { openDatabase } from '../../src/mediawiki/database/open-database.ts';
import type { BenchWiki, Setting } from './setting.ts';

export interface FarmSettingOptions {
  /** A rota.yaml. */
  readonly config: string;
  /** Words of the command that runs a maintenance script of a wiki; `{wiki}` in them is the wiki's name. */
  readonly maintenance: readonly string[];
  readonly wikis: readonly string[];
}

/** Wikis that are there already. */
export async function farmSetting(options: FarmSettingOptions): Promise<Setting> {
  const file = resolve(options.config);
  const { config } = await loadConfig(file, { env: process.env, cwd: process.cwd() });
  const scratchFolder = mkdtempSync(join(tmpdir(), 'rota-bench-'));
  let serverPid: number | null = null;
  const wikis: BenchWiki[] = [];
  for (const name of options.wikis) {
    const { database } = wikiAccess(wikiNamed(config, name));
    if (database.dialect !== 'mariadb') throw new Error(`${name} is not in MariaDB`);
    serverPid ??= await pidOfServer(database);
    const [program = '', ...args] = options.maintenance.map((word) => word.replaceAll('{wiki}', name));
    wikis.push({
      name,
      maintenance: { program, args },
      clientOptions: clientOptions(database),
      database: database.database,
    });
  }
  return {
    farmFolder: dirname(file),
    serverPid,
    wikis,
    scratchFolder,
    [Symbol.asyncDispose]: async () => rmSync(scratchFolder, { recursive: true, force: true }),
  };
}

type MariadbAddress = Extract<DatabaseAddress, { dialect: 'mariadb' }>;

function clientOptions(address: MariadbAddress): string[] {
  return [
    ...(address.socket === undefined
      ? [`--host=${address.host}`, `--port=${address.port}`]
      : [`--socket=${address.socket}`]),
    `--user=${address.user}`,
    `--password=${address.password ?? ''}`,
  ];
}

/** The server's process, if it runs on this machine. */
async function pidOfServer(address: MariadbAddress): Promise<number | null> {
  await using connection = await openDatabase(address, { log: silentLog });
  const [row] = await connection.query('SELECT @@datadir, @@pid_file');
  const [folder, file] = (row ?? []).map((value) => value?.toString() ?? '');
  if (folder === undefined || file === undefined) return null;
  try {
    const pid = Number(readFileSync(resolve(folder, file), 'utf8'));
    return Number.isInteger(pid) && readFileSync(`/proc/${pid}/comm`, 'utf8').includes('m') ? pid : null;
  } catch {
    return null;
  }
}
