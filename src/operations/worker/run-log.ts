import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { OpenFarm } from '../../composition.ts';
import type { RunEventListener } from '../../control/run-event.ts';
import type { RunView } from '../../control/store/run-view.ts';
import { systemCode } from '../../publish/files/file-failure.ts';

/** How often progress enters the log: it is read later, not watched. */
const progressEveryMs = 60_000;

/** Appends the events of a run to `run.log` in its private folder, a line of JSON each. */
export function openRunLog(
  farm: Pick<OpenFarm, 'workspaceOf'>,
): Disposable & { readonly listen: RunEventListener } {
  let file: number | undefined;
  let progressAtMs = 0;
  return {
    listen: (event) => {
      if (event.type === 'progress') {
        if (event.at.getTime() - progressAtMs < progressEveryMs) return;
        progressAtMs = event.at.getTime();
      }
      // A log that cannot be written (disk full) must not end the run, which says so itself.
      try {
        if (event.type === 'run-started') {
          const folder = farm.workspaceOf(event.view);
          mkdirSync(folder, { recursive: true, mode: 0o700 });
          file = openSync(runLogFile(farm, event.view), 'a', 0o600);
        }
        const view = 'view' in event ? { view: undefined, state: event.view.state } : {};
        if (file !== undefined) writeSync(file, `${JSON.stringify({ ...event, ...view })}\n`);
      } catch {
        file = undefined;
      }
    },
    [Symbol.dispose]() {
      if (file !== undefined) closeSync(file);
      file = undefined;
    },
  };
}

export function runLogFile(farm: Pick<OpenFarm, 'workspaceOf'>, run: RunView): string {
  return join(farm.workspaceOf(run), 'run.log');
}

/** The lines of a run's log in this epoch; null when there is none (any more). */
export async function readRunLog(
  farm: Pick<OpenFarm, 'workspaceOf'>,
  run: RunView,
): Promise<readonly string[] | null> {
  try {
    return (await readFile(runLogFile(farm, run), 'utf8')).split('\n').filter((line) => line !== '');
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return null;
    throw error;
  }
}
