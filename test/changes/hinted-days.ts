import { cp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import { runId, subjectName } from '../../src/core/ids.ts';
import { dueOn } from '../../src/dumping/ledger/hints/hinted-pages.ts';
import { type DayManifest, parseDayManifest } from '../../src/export/changes/day-manifest.ts';
import { changes } from '../../src/jobs/changes/definitions.ts';
import { testBed } from '../support/bed.ts';
import { sql } from '../support/database.ts';
import type { TestWiki } from '../support/mediawiki/wiki.ts';
import { contentOf } from '../support/published.ts';
import { DaysFarm } from './days-farm.ts';

/** A farm that makes days with `exact: log-hints`, from the full dump that another one has made. */
export class HintedDays implements AsyncDisposable {
  readonly farm: DaysFarm;
  readonly folder: string;
  readonly #wiki: TestWiki;

  private constructor(farm: DaysFarm, folder: string, wiki: TestWiki) {
    this.farm = farm;
    this.folder = folder;
    this.#wiki = wiki;
  }

  static async of(whole: string, folder: string, wiki: TestWiki): Promise<HintedDays> {
    await cp(whole, folder, { recursive: true });
    const file = join(folder, 'rota.yaml');
    const config = parse(await readFile(file, 'utf8')) as { readonly jobs?: object };
    const jobs = { ...config.jobs, changes: { exact: 'log-hints' } };
    await writeFile(file, stringify({ ...config, jobs }));
    return new HintedDays(await DaysFarm.open(folder, wiki.database), folder, wiki);
  }

  /** As if all that has happened so far had happened long before the last dump: nothing of it is a hint any more. */
  async age(): Promise<void> {
    await sql(
      testBed().mariadb,
      this.#wiki.database,
      "UPDATE page SET page_touched = '20200101000000'; UPDATE logging SET log_timestamp = '20200101000000'",
    );
  }

  async live(date: string): Promise<void> {
    await this.farm.mark(date);
    await this.farm.changes(date);
  }

  path(date: string, name: string): string {
    return join(this.farm.day(date), `${this.#wiki.database}-${date}-${name}`);
  }

  async recordsOf(date: string): Promise<string> {
    return (await contentOf(this.path(date, 'page-changes.jsonl.gz'))).toString();
  }

  async manifestOf(date: string): Promise<DayManifest> {
    const path = join(this.farm.day(date), 'changes.json');
    return parseDayManifest(JSON.parse(await readFile(path, 'utf8')), path);
  }

  /** How many pages there were, and how many were read. */
  async comparedOn(date: string): Promise<{ readonly pages: number; readonly read: number }> {
    const id = runId(changes.name, subjectName(this.#wiki.database), date);
    const run = await this.farm.farm.store.readRun({ id });
    const { summary } = run?.stages.find(({ name }) => name === 'state') ?? {};
    return (summary as { readonly compared: { readonly pages: number; readonly read: number } }).compared;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.farm[Symbol.asyncDispose]();
  }
}

/** The first date from the 4th of January 2001 on on which it is, or is not, the page's turn; each later than the one before. */
export function datesByTurn(page: number, greatest: number): (isDue: boolean) => string {
  let day = 4;
  return (isDue) => {
    for (; ; day++) {
      const date = new Date(Date.UTC(2001, 0, day)).toISOString().slice(0, 10).replaceAll('-', '');
      if (dueOn(date, greatest)(page) !== isDue) continue;
      day += 1;
      return date;
    }
  };
}
