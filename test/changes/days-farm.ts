import assert from 'node:assert/strict';
import { join } from 'node:path';
import { type OpenFarm, openFarm } from '../../src/composition.ts';
import { loadConfig } from '../../src/config/load-config.ts';
import type { RunEventListener } from '../../src/control/run-event.ts';
import { systemClock } from '../../src/core/clock.ts';
import { runId, subjectName } from '../../src/core/ids.ts';
import { type Log, silentLog } from '../../src/core/log.ts';
import { openDemoDatabases } from '../../src/demo/database/open-demo-database.ts';
import { simulateDay } from '../../src/demo/simulate/simulate-day.ts';
import { changes, changesMark } from '../../src/jobs/changes/definitions.ts';
import type { AnyJob } from '../../src/jobs/definition/job-definition.ts';
import { fullDump } from '../../src/jobs/full-dump/definition.ts';
import { workOnRun } from '../../src/operations/worker/work-on-run.ts';

/** Works on runs of a farm in this process, on any date: those of past dates have their marks estimated. */
export class DaysFarm implements AsyncDisposable {
  readonly farm: OpenFarm;
  readonly wiki: string;

  private constructor(farm: OpenFarm, wiki: string) {
    this.farm = farm;
    this.wiki = wiki;
  }

  static async open(folder: string, wiki: string): Promise<DaysFarm> {
    const { config } = await loadConfig(join(folder, 'rota.yaml'), { env: process.env, cwd: folder });
    return new DaysFarm(
      await openFarm(config, { clock: systemClock, env: process.env, version: 'test' }),
      wiki,
    );
  }

  async dump(date: string): Promise<void> {
    await this.work(fullDump, date);
  }

  async mark(date: string): Promise<void> {
    await this.work(changesMark, date);
  }

  async changes(
    date: string,
    onEvent: RunEventListener = () => undefined,
    log: Log = silentLog,
  ): Promise<void> {
    await this.work(changes, date, onEvent, log);
  }

  /** The run of a date, to its good end. */
  async work(
    job: AnyJob,
    date: string,
    onEvent: RunEventListener = () => undefined,
    log: Log = silentLog,
  ): Promise<void> {
    const { farm } = this;
    const subject = subjectName(this.wiki);
    const id = runId(job.name, subject, date);
    const [, year, month, day] = /^(\d{4})(\d{2})(\d{2})$/.exec(date) ?? [];
    const dueAt = new Date(`${year}-${month}-${day}T23:59:59Z`);
    await farm.store.createRun({ ...job.plan(farm.config, { id, subject, dueAt }), id, dueAt });
    const { run, error } = await workOnRun({
      ...{ farm, run: id, inherited: undefined, clock: systemClock, log },
      signal: new AbortController().signal,
      onEvent,
    });
    assert.equal(run.state, 'done', `${id}: ${run.state} ${run.reason ?? ''} ${error?.message ?? ''}`);
  }

  /** Waits until the lease of a process that was killed has ended. */
  async untilFree(date: string): Promise<void> {
    const id = runId(changes.name, subjectName(this.wiki), date);
    while ((await this.farm.store.readRun({ id }))?.lease?.alive === true) await systemClock.sleep(100);
  }

  /** Whether the changes of a date are published. */
  async isDone(date: string): Promise<boolean> {
    const id = runId(changes.name, subjectName(this.wiki), date);
    return (await this.farm.store.readRun({ id }))?.state === 'done';
  }

  /** The folder of a day. */
  day(date: string): string {
    return join(this.farm.trees.public.root, 'other', 'incr', this.wiki, date);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.farm[Symbol.asyncDispose]();
  }
}

/** Lets a generated wiki on SQLite live one more day. */
export async function liveOneDay(file: string): Promise<void> {
  await using databases = await openDemoDatabases({
    ...{ address: `sqlite:${file}`, external: false, replace: false, create: false },
  });
  await simulateDay(databases.database, databases.external);
}
