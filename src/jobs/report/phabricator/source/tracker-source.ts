import type { TrackerColumn, TrackerProject, TrackerTask } from '../form/tracker-task.ts';

/** Where what a source reads goes. Calls do not wait: a source waits on its own input between them. */
export interface TrackerSink {
  /** True if the task was loaded before with the same digest: then it need not be given. */
  isUnchanged(id: number, digest: number): boolean;
  keep(id: number, digest: number): void;
  task(task: TrackerTask, digest: number): void;
  /** A task that cannot be used. @throws RotaError TASKS_SET_ASIDE when they are too many */
  setAside(task: string, reason: string): void;
  projects(projects: readonly TrackerProject[]): void;
  columns(columns: readonly TrackerColumn[]): void;
}

/** A tracker that can be read as a whole: a dump, a database, an API. */
export interface TrackerSource {
  /** For people: what is read. */
  readonly name: string;
  read(sink: TrackerSink, options: ReadOptions): Promise<SourceFacts>;
}

export interface ReadOptions {
  readonly signal: AbortSignal;
  readonly progress: (done: number, total: number, unit: string) => void;
}

export interface SourceFacts {
  /** When the source was as it was read; null where it does not say. */
  readonly sourceAt: Date | null;
  /** Its size, where it has one. */
  readonly bytes: number | null;
}
