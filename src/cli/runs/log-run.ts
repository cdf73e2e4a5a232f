import { workspaceFinder } from '../../composition.ts';
import type { RunEvent } from '../../control/run-event.ts';
import type { Transition } from '../../control/store/run-view.ts';
import { type ExitStatus, exitStatus } from '../../core/exit-status.ts';
import { findRun } from '../../operations/runs/find-run.ts';
import { readRunLog } from '../../operations/worker/run-log.ts';
import type { Cli } from '../cli.ts';
import { withStoreToRead } from '../with-store.ts';

export async function logRun(
  cli: Cli,
  text: string,
  options: { readonly events?: boolean },
): Promise<ExitStatus> {
  return await withStoreToRead(cli, async ({ store, known, config }) => {
    const run = await findRun(store, text, known);
    if (!options.events) {
      for (const change of await store.listTransitions({ id: run.id }))
        cli.out.line(change, changeText(change));
      return exitStatus.done;
    }
    const lines = await readRunLog({ workspaceOf: workspaceFinder(config) }, run);
    if (lines === null) {
      cli.out.remark(`${run.id} has no events: it has not begun, or its workspace is gone`);
      return exitStatus.nothingToDo;
    }
    for (const line of lines) cli.out.text(cli.out.json ? line : eventText(line));
    return exitStatus.done;
  });
}

/** `2026-11-22 12:34:56 content running → done (process 17 on h1)` */
function changeText(change: Transition): string {
  const { at, stage, from, to, host, pid, reason, epoch } = change;
  return [
    at.toISOString().slice(0, 19).replace('T', ' '),
    ...(epoch > 1 ? [`epoch ${epoch}`] : []),
    stage ?? 'run',
    ...(from === undefined ? [] : [from, '→']),
    to,
    ...(host === undefined || pid === undefined ? [] : [`(process ${pid} on ${host})`]),
    ...(reason === undefined ? [] : [`- ${reason}`]),
  ].join(' ');
}

/** The file's lines are JSON of a run's events, perhaps of an older version. */
function eventText(line: string): string {
  try {
    const { at, type, stage, ...rest } = JSON.parse(line) as Partial<RunEvent> & Record<string, unknown>;
    delete rest.run;
    const facts = Object.entries(rest).map(([name, value]) => `${name}=${JSON.stringify(value)}`);
    return [String(at).slice(0, 19).replace('T', ' '), type, stage, ...facts]
      .filter((part) => part !== undefined)
      .join(' ');
  } catch {
    // The last line of a process that was killed while it wrote.
    return line;
  }
}
