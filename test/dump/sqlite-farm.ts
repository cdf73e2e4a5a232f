import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { stringify } from 'yaml';
import { openContainer, rawBytes } from '../../src/export/containers/read/open-container.ts';
import { type RotaResult, runRota } from '../support/rota.ts';

export const wikiName = 'smallwiki';

/** A farm with one small generated wiki on SQLite, whose content is published as zst: it needs no program. */
export interface SqliteFarm {
  readonly folder: string;
  rota(...args: readonly string[]): Promise<RotaResult>;
  /** The same, with variables of the environment. */
  rotaWith(env: Readonly<Record<string, string>>, ...args: readonly string[]): Promise<RotaResult>;
  /** Changes the wiki's database. */
  sql(statement: string, ...values: readonly (number | string)[]): void;
  value(query: string): number;
  /** A published file, decompressed, by its name after `<wiki>-<date>-`. */
  published(date: string, name: string): Promise<string>;
}

export async function makeSqliteFarm(
  folder: string,
  fullDump: Readonly<Record<string, unknown>> = {},
): Promise<SqliteFarm> {
  const database = join(folder, `${wikiName}.sqlite`);
  const rota = (...args: readonly string[]) => runRota(args, { cwd: folder });
  const made = await rota(
    ...['demo', 'wiki', database, '--name', wikiName, '--pages', '60', '--revisions', '400'],
    ...['--mean-bytes', '900', '--seed', '7', '--siteinfo', join(folder, 'siteinfo.json')],
  );
  assert.equal(made.status, 0, made.stderr);
  const farm = {
    output: { public: './public', private: './private' },
    store: 'sqlite:./rota.db',
    wikis: { [wikiName]: { database: `sqlite:./${wikiName}.sqlite`, siteinfo: './siteinfo.json' } },
    jobs: {
      'full-dump': {
        outputs: ['stubs', 'articles', 'current', 'history', 'logs'],
        compression: { articles: 'zst', current: 'zst', history: 'zst' },
        piece: { size: '128KiB' },
        ...fullDump,
      },
    },
  };
  await writeFile(join(folder, 'rota.yaml'), stringify(farm));
  const withDatabase = <T>(work: (db: DatabaseSync) => T): T => {
    const db = new DatabaseSync(database);
    try {
      return work(db);
    } finally {
      db.close();
    }
  };
  return {
    folder,
    rota,
    rotaWith: (env, ...args) => runRota(args, { cwd: folder, env }),
    sql: (statement, ...values) => withDatabase((db) => void db.prepare(statement).run(...values)),
    value: (query) => withDatabase((db) => Number(Object.values(db.prepare(query).get() ?? {})[0])),
    published: (date, name) =>
      readWhole(join(folder, 'public', wikiName, date, `${wikiName}-${date}-${name}`)),
  };
}

async function readWhole(path: string): Promise<string> {
  if (/\.(json|txt|html)$/.test(path)) return await readFile(path, 'utf8');
  const options = { signal: new AbortController().signal, searchPath: process.env.PATH ?? '' };
  const parts: Buffer[] = [];
  // A chunk is only valid until the next is asked for.
  for await (const chunk of rawBytes(await openContainer(path, options))) parts.push(Buffer.from(chunk));
  return Buffer.concat(parts).toString('utf8');
}
