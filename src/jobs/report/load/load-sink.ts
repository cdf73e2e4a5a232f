import { RotaError } from '../../../core/errors/rota-error.ts';
import { taskHistory } from '../history/task-history.ts';
import { TaskDamage } from '../phabricator/form/task-damage.ts';
import type { TrackerColumn, TrackerProject, TrackerTask } from '../phabricator/form/tracker-task.ts';
import type { TrackerSink } from '../phabricator/source/tracker-source.ts';
import type { DataFile } from '../store/data-file.ts';
import { type TableName, tables } from '../store/schema.ts';
import { TableWriter } from '../store/table-writer.ts';
import type { Digests } from './digests.ts';
import { IdBitmap } from './id-bitmap.ts';

export interface LoadCounts {
  readonly tasks: number;
  /** Of `tasks`, those that are as they were in the load before. */
  readonly unchanged: number;
  readonly setAside: number;
  readonly transactions: number;
}

/** Turns what a source reads into rows: each task's history is made when it passes by, and nothing of it is kept. */
export class LoadSink implements TrackerSink {
  readonly #writers: Readonly<Record<TableName, TableWriter>>;
  /** Digests of the load before, by task. */
  readonly #before: Digests;
  readonly #tolerance: number;
  readonly #seen = new IdBitmap();
  readonly #texts = new Map<string, string>();
  readonly #reasons: string[] = [];
  #transactions = 0;
  #unchanged = 0;
  #setAside = 0;

  private constructor(writers: Readonly<Record<TableName, TableWriter>>, before: Digests, tolerance: number) {
    this.#writers = writers;
    this.#before = before;
    this.#tolerance = tolerance;
  }

  static async open(
    file: DataFile,
    options: { readonly before: Digests; readonly tolerance: number },
  ): Promise<LoadSink> {
    const writers: Partial<Record<TableName, TableWriter>> = {};
    for (const name of Object.keys(tables) as TableName[]) {
      writers[name] = await TableWriter.open(file, name, tables[name]);
    }
    return new LoadSink(writers as Record<TableName, TableWriter>, options.before, options.tolerance);
  }

  get counts(): LoadCounts {
    return {
      tasks: this.#seen.size,
      unchanged: this.#unchanged,
      setAside: this.#setAside,
      transactions: this.#transactions,
    };
  }

  isUnchanged(id: number, digest: number): boolean {
    return this.#before.get(id) === digest && !this.#seen.has(id);
  }

  keep(id: number): void {
    this.#seen.add(id);
    this.#unchanged += 1;
    this.#writers.unchanged.add(id);
  }

  /** @throws TaskDamage if the task came before */
  task(task: TrackerTask, digest: number): void {
    if (this.#seen.has(task.id)) throw new TaskDamage('it comes twice');
    const { states, projects, columns, parents } = taskHistory(task);
    this.#seen.add(task.id);
    this.#transactions += task.transactions.length;
    const { id } = task;
    const w = this.#writers;
    const { phid, title, status, priority, points, createdAt } = task;
    w.task.add(id, phid, title, status, priority, points, createdAt, task.transactions.length, digest);
    for (const s of states) {
      w.task_state.add(id, s.from, s.to, this.#shared(s.status), s.estimated, s.priority, s.points);
    }
    for (const p of projects) w.membership.add(id, p.from, p.to, this.#shared(p.project));
    for (const c of columns) {
      w.board_position.add(id, c.from, c.to, this.#shared(c.board), this.#shared(c.column));
    }
    for (const p of parents) w.parent_event.add(id, p.role, p.other, p.at, p.step, p.added);
  }

  /** One text for all that are the same: rows wait in memory until they fill a chunk. Statuses, projects and columns are few. */
  #shared(text: string): string {
    const known = this.#texts.get(text);
    if (known !== undefined) return known;
    this.#texts.set(text, text);
    return text;
  }

  setAside(task: string, reason: string): void {
    this.#setAside += 1;
    this.#writers.set_aside.add(task.slice(0, 100), reason);
    if (this.#reasons.length < 5) this.#reasons.push(`T${task.slice(0, 20)}: ${reason}`);
    if (this.#setAside <= this.#tolerance) return;
    throw new RotaError(
      'TASKS_SET_ASIDE',
      `More than ${this.#tolerance} tasks cannot be read, and nothing was taken over: ${this.#reasons.join('; ')}`,
    );
  }

  projects(projects: readonly TrackerProject[]): void {
    for (const { id, phid, name } of projects) this.#writers.project.add(id, phid, name);
  }

  columns(columns: readonly TrackerColumn[]): void {
    for (const c of columns) {
      this.#writers.board_column.add(c.id, c.phid, c.name, c.isHidden, c.isDefault, c.projectPhid);
    }
  }

  /** Every row is in the file when it returns. */
  close(): void {
    for (const writer of Object.values(this.#writers)) writer.close();
  }
}
