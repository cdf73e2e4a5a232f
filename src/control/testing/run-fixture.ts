import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { jobName, type RunId } from '../../core/ids.ts';
import { silentLog } from '../../core/log.ts';
import { ManualClock } from '../../core/manual-clock.ts';
import { type ExecutedRun, type ExecuteRunOptions, executeRun } from '../execute-run.ts';
import type { RunEvent } from '../run-event.ts';
import { type Job, Stage, type StageContext, type StageOutcome } from '../stage.ts';
import type { Holder } from '../store/lease.ts';
import type { RunStore } from '../store/run-store.ts';
import { openSqliteStore } from '../store/sqlite/open-sqlite-store.ts';

export type Body = (context: StageContext<null>, tryNumber: number) => Promise<StageOutcome>;

/** A stage made of a function, for tests. */
export class FunctionStage extends Stage<null> {
  readonly name: string;
  readonly deadlineMs = 3_600_000;
  readonly #body: Body;
  calls = 0;

  constructor(name: string, body: Body, more: Partial<Stage<null>> = {}) {
    super();
    this.name = name;
    this.#body = body;
    Object.assign(this, more);
  }

  run(context: StageContext<null>): Promise<StageOutcome> {
    this.calls++;
    return this.#body(context, this.calls);
  }
}

/** A store, a clock that stands still, and a way to execute runs of made-up jobs. */
export class RunFixture implements AsyncDisposable {
  readonly clock: ManualClock;
  readonly holder: Holder = { host: 'host1', pid: 1, startedAt: new Date(0) };
  readonly folder: string;
  readonly store: RunStore;
  readonly events: RunEvent[] = [];
  readonly run = 'full-dump/frwiki/20260101' as RunId;
  readonly terminate = new AbortController();

  private constructor(folder: string, store: RunStore, clock: ManualClock) {
    this.folder = folder;
    this.store = store;
    this.clock = clock;
  }

  static async open(): Promise<RunFixture> {
    const folder = await mkdtemp(join(tmpdir(), 'rota-run-'));
    const clock = new ManualClock();
    const store = await openSqliteStore({ file: join(folder, 'rota.db'), clock });
    const fixture = new RunFixture(folder, store, clock);
    await store.createRun({ id: fixture.run });
    return fixture;
  }

  execute(
    stages: readonly Stage<null>[],
    more: Partial<Job<null>> = {},
    options: Partial<ExecuteRunOptions<null>> = {},
  ): Promise<ExecutedRun> {
    return executeRun<null>({
      store: this.store,
      job: { name: jobName('full-dump'), stages: () => stages, ...more },
      runId: this.run,
      services: null,
      holder: this.holder,
      workspaceOf: (run) => join(this.folder, 'work', `${run.subject}.${run.epoch}`),
      clock: this.clock,
      log: silentLog,
      signal: this.terminate.signal,
      ...options,
      onEvent: (event) => {
        this.events.push(event);
        options.onEvent?.(event);
      },
    });
  }

  async states(): Promise<readonly string[]> {
    const run = await this.store.readRun({ id: this.run });
    return [`${run?.state}`, ...(run?.stages ?? []).map((stage) => `${stage.name} ${stage.state}`)];
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.store[Symbol.asyncDispose]();
    await rm(this.folder, { recursive: true });
  }
}

/** Resolves when the signal aborts. */
export function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
