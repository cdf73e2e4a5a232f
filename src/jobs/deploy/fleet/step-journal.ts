import { closeSync, openSync, writeSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** One step on one host, as it ended. */
export interface JournalStep {
  readonly at: string;
  readonly stage: string;
  readonly host: string;
  readonly step: string;
  readonly durationMs: number;
  /** The program's status; null where it did not come to its end. */
  readonly status: number | null;
  /** What was brought to the host, and by which host (null: by this machine). */
  readonly brought?: { readonly bytes: number; readonly from: string | null };
  /** Why it failed. */
  readonly code?: string;
  readonly message?: string;
}

const fileName = 'journal.jsonl';

/** Appends the steps of a deployment to a file in its workspace, a line of JSON each. */
export class StepJournal implements Disposable {
  #file: number | null;

  constructor(workspace: string) {
    this.#file = openSync(join(workspace, fileName), 'a', 0o600);
  }

  /** A journal that cannot be written (disk full) ends no deployment. */
  append(step: JournalStep): void {
    try {
      if (this.#file !== null) writeSync(this.#file, `${JSON.stringify(step)}\n`);
    } catch {
      this[Symbol.dispose]();
    }
  }

  [Symbol.dispose](): void {
    if (this.#file !== null) closeSync(this.#file);
    this.#file = null;
  }
}

/** The steps of a deployment in the order in which they ended; null where there is no journal (any more, or here). */
export async function readJournal(workspace: string): Promise<readonly JournalStep[] | null> {
  let text: string;
  try {
    text = await readFile(join(workspace, fileName), 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
  return text.split('\n').flatMap((line): JournalStep[] => {
    try {
      return line === '' ? [] : [JSON.parse(line) as JournalStep];
    } catch {
      // The last line of a process that was killed.
      return [];
    }
  });
}
