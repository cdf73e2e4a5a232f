import { open } from 'node:fs/promises';
import { projectsText, taskText } from './dump-text.ts';
import { demoProjects } from './projects.ts';
import { TaskLife } from './task-life.ts';
import { TrackerTimeline } from './timeline.ts';
import type { TrackerOptions } from './tracker-options.ts';

export interface TrackerSummary {
  readonly tasks: number;
  readonly transactions: number;
  readonly bytes: number;
}

const portionChars = 1_000_000;

/**
 * Writes a dump as the public dump of a tracker is: one line of JSON. The same options give the same bytes. Tasks that come
 * after its day are not there yet, so the dump of a later day continues that of an earlier one.
 */
export async function writeTrackerDump(
  file: string,
  options: TrackerOptions,
  control: { readonly signal: AbortSignal; readonly onProgress?: (tasks: number) => void },
): Promise<TrackerSummary> {
  const timeline = new TrackerTimeline(options);
  await using handle = await open(file, 'w');
  let transactions = 0;
  let tasks = 0;
  let bytes = 0;
  let portion = '{"task": {';
  const flush = async () => {
    bytes += Buffer.byteLength(portion, 'latin1');
    await handle.write(portion, null, 'latin1');
    portion = '';
  };
  for (let id = 1; id <= options.tasks; id += 1) {
    const task = new TaskLife(id, options, timeline).make();
    if (task.createdAt > timeline.until) continue;
    portion += `${tasks === 0 ? '' : ', '}${taskText(task)}`;
    tasks += 1;
    transactions += task.steps.length;
    if (portion.length < portionChars) continue;
    control.signal.throwIfAborted();
    await flush();
    control.onProgress?.(tasks);
  }
  portion += `}, ${projectsText(demoProjects(options), timeline.createdAt(1))}}`;
  await flush();
  return { tasks, transactions, bytes };
}
