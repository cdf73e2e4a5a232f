import type { RunFilter } from '../../control/store/run-store.ts';
import type { PieceView, RunDetails, RunView, Transition } from '../../control/store/run-view.ts';
import { type Why, why } from '../../control/why.ts';
import { isRotaError } from '../../core/errors/rota-error.ts';
import { parseRunId } from '../../core/ids.ts';
import { deployName } from '../../jobs/deploy/name.ts';
import { type LiveRecord, liveKey } from '../../jobs/deploy/records.ts';
import { claimRules } from '../../operations/claim-rules.ts';
import { type DeploymentGrid, readDeploymentGrid } from '../../operations/deploy/deployment-grid.ts';
import { type MissedRun, missedRuns } from '../../operations/missed-runs.ts';
import { scheduleOf, scheduleText } from '../../operations/schedules.ts';
import { type FarmStatus, readFarmStatus, type SubjectStatus } from '../../operations/status/farm-status.ts';
import { readRunLog } from '../../operations/worker/run-log.ts';
import type { LiveStore } from '../live/live-store.ts';
import type { WebFarm } from '../web-farm.ts';

/** A run with all that its page shows. */
export interface RunAnswer {
  readonly run: RunDetails;
  readonly why: Why;
  readonly pieces: readonly PiecesOfStage[];
  readonly transitions: readonly Transition[];
}

export interface PiecesOfStage {
  readonly stage: string;
  readonly counts: Readonly<Record<PieceView['state'], number>>;
  /** Those that failed or are in work. */
  readonly notable: readonly PieceView[];
}

export interface ScheduleAnswer {
  readonly job: string;
  readonly text: string;
  readonly subjects: number;
  readonly nextDueAt: Date | null;
}

/** What the pages and the API tell of a farm; each question is asked once for each version of the store. */
export class FarmReader {
  readonly #farm: WebFarm;
  readonly #live: LiveStore;

  constructor(farm: WebFarm, live: LiveStore) {
    this.#farm = farm;
    this.#live = live;
  }

  get name(): string {
    return this.#farm.config.name;
  }

  async status(): Promise<FarmStatus> {
    const { config, jobs, store, tools } = this.#farm;
    return await this.#live.ask('status', () => readFarmStatus({ config, jobs, store, clock: tools.clock }));
  }

  /** Of what everybody may know: public subjects, without holders, reasons and what stands in errors. */
  async publicStatus(): Promise<FarmStatus> {
    const status = await this.status();
    const subjects = status.subjects.filter((subject) => this.isPublic(subject)).map(withoutInside);
    const counts = new Map<SubjectStatus['state'], number>();
    for (const { state } of subjects) counts.set(state, (counts.get(state) ?? 0) + 1);
    return { ...status, subjects, counts, pauses: [], workers: [], drains: [], exit: false };
  }

  isPublic({ job, subject }: { readonly job: string; readonly subject: string }): boolean {
    const definition = this.#farm.jobs.find(({ name }) => name === job);
    const own = definition?.subjects(this.#farm.config).find((one) => one === subject);
    return own !== undefined && definition?.audience(this.#farm.config, own) === 'public';
  }

  async runs(filter: RunFilter): Promise<readonly RunView[]> {
    return await this.#live.ask(`runs ${JSON.stringify(filter)}`, () => this.#farm.store.listRuns(filter));
  }

  /** Undefined where there is none. */
  async run(id: string): Promise<RunAnswer | undefined> {
    return await this.#live.ask(`run ${id}`, () => this.#readRun(id));
  }

  /** The last lines of a run's log, where it lies on this machine. */
  async log(run: RunView, lines: number): Promise<readonly string[]> {
    return ((await readRunLog(this.#farm, run)) ?? []).slice(-lines);
  }

  /** A deployment as hosts × stages; undefined for other runs, and where its workspace is on another machine. */
  async grid(run: RunDetails): Promise<DeploymentGrid | undefined> {
    if (run.job !== deployName) return undefined;
    const environment = this.#farm.config.environments.get(run.subject);
    const workspace = this.#farm.workspaceOf(run);
    return await this.#live.ask(`grid ${run.id}`, () => readDeploymentGrid({ run, environment, workspace }));
  }

  /** What an environment serves; undefined while nothing was deployed there. */
  async liveVersion(environment: string): Promise<LiveRecord | undefined> {
    const key = liveKey(environment);
    return await this.#live.ask(key, async () => {
      return ((await this.#farm.store.readPointer({ key })) ?? undefined) as LiveRecord | undefined;
    });
  }

  async schedules(): Promise<readonly ScheduleAnswer[]> {
    const { config, jobs } = this.#farm;
    const { subjects } = await this.status();
    return jobs.flatMap((job) => {
      const settings = job.settings(config);
      if (settings === null) return [];
      const due = subjects
        .filter((one) => one.job === job.name)
        .flatMap((one) => (one.nextDueAt === undefined ? [] : [one.nextDueAt.getTime()]));
      return [
        {
          job: job.name,
          text: scheduleOf(config, job) === undefined ? 'by hand' : scheduleText(settings.schedule),
          subjects: job.subjects(config).length,
          nextDueAt: due.length === 0 ? null : new Date(Math.min(...due)),
        },
      ];
    });
  }

  /** Due times for which there is no run, newest first. */
  async missed(): Promise<readonly MissedRun[]> {
    const { config, jobs, store, tools } = this.#farm;
    return await this.#live.ask('missed', () => missedRuns({ config, jobs, store, clock: tools.clock }));
  }

  async #readRun(text: string): Promise<RunAnswer | undefined> {
    const { store, config, jobs } = this.#farm;
    const id = idOf(text);
    const run = id === undefined ? undefined : await store.readRun({ id });
    if (run === undefined) return undefined;
    const pieces = await Promise.all(
      run.stages.map(async ({ name }) => {
        const views = await store.listPieces({ run: run.id, epoch: run.epoch, stage: name });
        return summarised(name, views);
      }),
    );
    return {
      run,
      why: await why({ store, run: run.id, rules: claimRules(config, jobs) }),
      pieces: pieces.filter(({ counts }) => Object.values(counts).some((count) => count > 0)),
      transitions: await store.listTransitions({ id: run.id }),
    };
  }
}

function idOf(text: string): RunView['id'] | undefined {
  try {
    return parseRunId(text).id;
  } catch (error) {
    if (isRotaError(error, 'USAGE')) return undefined;
    throw error;
  }
}

function summarised(stage: string, views: readonly PieceView[]): PiecesOfStage {
  const counts = { open: 0, leased: 0, failed: 0, committed: 0 };
  for (const { state } of views) counts[state] += 1;
  return {
    stage,
    counts,
    notable: views.filter(({ state }) => state === 'failed' || state === 'leased').slice(0, 50),
  };
}

/** A public page names no host, and no message: it could quote what is private. */
function withoutInside(status: SubjectStatus): SubjectStatus {
  const { holder: _holder, reason: _reason, error, progress, ...rest } = status;
  const { text: _text, ...told } = progress ?? {};
  return {
    ...rest,
    ...(progress === undefined ? {} : { progress: told as NonNullable<SubjectStatus['progress']> }),
    ...(error === undefined ? {} : { error: { code: error.code, message: '' } }),
  };
}
