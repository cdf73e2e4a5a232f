import type { FarmConfig } from '../../config/farm-config.ts';
import type { ScheduleConfig } from '../../config/schedule-config.ts';
import type { Stage } from '../../control/stage.ts';
import type { NewRun, RunStore } from '../../control/store/run-store.ts';
import type { RunView } from '../../control/store/run-view.ts';
import type { Clock } from '../../core/clock.ts';
import type { JobName, RunId, Subject } from '../../core/ids.ts';
import type { Audience, Trees } from '../../publish/workspace/tree.ts';
import type { JobMonitoring } from './job-monitoring.ts';

/**
 * All that the rest of Rota knows of a job. The definition itself is light: what schedules, shows or pauses runs loads
 * none of the code that works on them. `Services` is what the job's stages are given; nobody else looks into it.
 */
export interface JobDefinition<Services> {
  readonly name: JobName;
  /** What it runs on, in a word whose plural is made with s: `wiki`. */
  readonly subjectKind: string;
  /** Workers take its runs; or only the process that created a run, and who is told to resume it. */
  readonly claimedBy: 'workers' | 'creator';
  /** What it runs on in this farm, in the order of rota.yaml. */
  subjects(farm: FarmConfig): readonly Subject[];
  /** When it is due and how its runs behave; null: rota.yaml does not have the job, so nothing of it happens by itself. */
  settings(farm: FarmConfig): JobSettings | null;
  /** Parameters, slots and needs of a run that is to be created. */
  plan(farm: FarmConfig, due: DueRun): RunPlan;
  /** Whose tree a subject's work and files belong to; private, where in doubt. */
  audience(farm: FarmConfig, subject: Subject): Audience;
  /** The command line that begins a run by hand, for hints: `rota dump frwiki`. */
  startCommand(subject: Subject): string;
  /** The code that works on runs, and what it needs. */
  load(): Promise<JobWork<Services>>;
  /** What the monitor does for the job; each call begins anew. */
  loadMonitoring?(): Promise<JobMonitoring>;
}

/** A job of which only the seam is known: the same definition's `load` gives both the stages and their services. */
export type AnyJob = JobDefinition<unknown>;

export interface DueRun {
  readonly id: RunId;
  readonly subject: Subject;
  readonly dueAt: Date;
}

export type RunPlan = Omit<NewRun, 'id' | 'dueAt'>;

export interface JobSettings extends ScheduleConfig {
  /** Runs of the job that one worker has at once. */
  readonly slots: number;
  /** What of the due time becomes the run's date; default: day. */
  readonly dated?: 'day' | 'minute';
  /** Tries of a run in one epoch before it stays failed; default 4. */
  readonly tries?: number;
  /** Before the second try; each later one waits four times as long. Default 10 minutes. */
  readonly backoffMs?: number;
  /** An older unfinished date is taken up again if younger; no limit when left out. */
  readonly resumeWithinMs?: number;
  /** A held run fails after this time; never when left out. */
  readonly heldForMs?: number;
  /** A run that is not finished this long after it was due raises an alert; never when left out. */
  readonly overdueAfterMs?: number;
}

/** What decides which stages a run has; it need not be created yet. */
export type PlannedRun = Pick<RunView, 'id' | 'subject' | 'date' | 'parameters'>;

export interface JobWork<Services> {
  /** The stages of one run, in order. */
  stages(farm: FarmConfig, run: PlannedRun): readonly Stage<Services>[];
  /** Opened for the process of one run, and closed when it ends: threads, programs, databases. */
  openServices(tools: JobTools): Promise<OpenServices<Services>>;
  /** The run failed, was cancelled or lost in this process: the last chance to say so where people look. */
  gaveUp?(services: Services, run: RunId, at: Date): Promise<void>;
}

export interface OpenServices<Services> extends AsyncDisposable {
  readonly services: Services;
}

/** What a job's services are made from. */
export interface JobTools {
  readonly farm: FarmConfig;
  readonly trees: Trees;
  readonly clock: Clock;
  readonly env: Readonly<NodeJS.ProcessEnv>;
  /** Rota's version. */
  readonly version: string;
  /** What the store says of other runs and pointers. Writes go through the stage's context: they are guarded there. */
  readonly records: RunRecords;
}

export type RunRecords = Pick<
  RunStore,
  'readRun' | 'listRuns' | 'listLatestRuns' | 'readPointer' | 'listPointers' | 'readGeneration'
>;
