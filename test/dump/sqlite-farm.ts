import assert from 'node:assert/strict';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { stringify } from 'yaml';
import { openContainer, rawBytes } from '../../src/export/containers/read/open-container.ts';
import type { CarrySums } from '../../src/jobs/full-dump/carry/sum-carried.ts';
import { type RotaResult, runRota } from '../support/rota.ts';

export const wikiName = 'smallwiki';

export interface CarriedSummary {
  readonly previousDate: string | null;
  readonly refused: readonly string[];
  readonly carried: CarrySums;
}

/** A farm with one small generated wiki on SQLite, whose content is published as zst: it needs no program. */
export interface SqliteFarm {
  readonly folder: string;
  rota(...args: readonly string[]): Promise<RotaResult>;
  /** The same, with variables of the environment. */
  rotaWith(env: Readonly<Record<string, string>>, ...args: readonly string[]): Promise<RotaResult>;
  /** Changes the wiki's database. */
  sql(statement: string, ...values: readonly (number | string)[]): void;
  value(query: string): number;
  rows(query: string, ...values: readonly (number | string)[]): readonly Readonly<Record<string, unknown>>[];
  /** The same wiki, dumped by a farm with a store and trees of its own. */
  withTrees(name: string, fullDump?: Readonly<Record<string, unknown>>): Promise<SqliteFarm>;
  /** Where a published file lies. */
  path(date: string, name: string): string;
  /** What the content stage of a date told of what it took from the date before. */
  carried(date: string): Promise<CarriedSummary | undefined>;
  /** A published file, decompressed, by its name after `<wiki>-<date>-`. */
  published(date: string, name: string): Promise<string>;
}

export async function makeSqliteFarm(
  folder: string,
  fullDump: Readonly<Record<string, unknown>> = {},
  size: { readonly pages: number; readonly revisions: number } = { pages: 60, revisions: 400 },
): Promise<SqliteFarm> {
  const made = await runRota(
    [
      ...['demo', 'wiki', join(folder, `${wikiName}.sqlite`), '--name', wikiName],
      ...['--pages', String(size.pages), '--revisions', String(size.revisions)],
      ...['--mean-bytes', '900', '--seed', '7', '--siteinfo', join(folder, 'siteinfo.json')],
    ],
    { cwd: folder },
  );
  assert.equal(made.status, 0, made.stderr);
  return await farmOf(folder, '.', fullDump);
}

/** A farm with trees and a store in a folder of their own; the wiki lies in the folder above or the same. */
async function farmOf(
  folder: string,
  own: string,
  fullDump: Readonly<Record<string, unknown>>,
): Promise<SqliteFarm> {
  const database = join(folder, `${wikiName}.sqlite`);
  const home = join(folder, own);
  await mkdir(home, { recursive: true });
  const rotaWith = (env: Readonly<Record<string, string>>, ...args: readonly string[]) =>
    runRota(args, { cwd: home, env });
  const farm = {
    output: { public: './public', private: './private' },
    store: 'sqlite:./rota.db',
    wikis: {
      [wikiName]: { database: `sqlite:${database}`, siteinfo: join(folder, 'siteinfo.json') },
    },
    jobs: {
      'full-dump': {
        outputs: ['stubs', 'articles', 'current', 'history', 'logs'],
        compression: { articles: 'zst', current: 'zst', history: 'zst' },
        piece: { size: '128KiB' },
        ...fullDump,
      },
    },
  };
  await writeFile(join(home, 'rota.yaml'), stringify(farm));
  const withDatabase = <T>(work: (db: DatabaseSync) => T): T => {
    const db = new DatabaseSync(database);
    try {
      return work(db);
    } finally {
      db.close();
    }
  };
  return {
    folder: home,
    rota: (...args) => rotaWith({}, ...args),
    rotaWith,
    sql: (statement, ...values) => withDatabase((db) => void db.prepare(statement).run(...values)),
    value: (query) => withDatabase((db) => Number(Object.values(db.prepare(query).get() ?? {})[0])),
    rows: (query, ...values) => withDatabase((db) => db.prepare(query).all(...values)),
    withTrees: async (name, other = fullDump) => await farmOf(folder, name, other),
    path: (date, name) => join(home, 'public', wikiName, date, `${wikiName}-${date}-${name}`),
    published: (date, name) => readWhole(join(home, 'public', wikiName, date, `${wikiName}-${date}-${name}`)),
    carried: async (date) => {
      const shown = await rotaWith({}, 'run', 'show', `full-dump/${wikiName}/${date}`, '--json');
      const run = JSON.parse(shown.stdout.toString()) as {
        readonly stages: readonly { readonly name: string; readonly summary?: CarriedSummary }[];
      };
      return run.stages.find((stage) => stage.name === 'content')?.summary;
    },
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
