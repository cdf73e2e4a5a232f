import { RotaError } from '../core/errors/rota-error.ts';
import { type ExitStatus, exitStatus } from '../core/exit-status.ts';
import { parseRunId } from '../core/ids.ts';
import { checkChange } from '../operations/runs/change-run.ts';
import { findRun } from '../operations/runs/find-run.ts';
import { parseScope } from '../operations/runs/parse-scope.ts';
import type { Cli } from './cli.ts';
import { withStore } from './with-store.ts';

export async function pause(
  cli: Cli,
  text: string,
  options: { readonly dryRun?: boolean },
): Promise<ExitStatus> {
  return await withStore(cli, async ({ store, known, by }) => {
    if (text === 'exit') {
      if (!options.dryRun) await store.setExit({ exit: true, by });
      const would = options.dryRun ? 'workers would end' : 'workers end';
      cli.out.line(
        { scope: 'exit', dryRun: options.dryRun ?? false },
        `${would} when their runs have ended; rota resume exit undoes it`,
      );
      return exitStatus.done;
    }
    const scope = parseScope(text, known);
    if (scope.startsWith('run/')) {
      const run = await findRun(store, parseRunId(scope.slice(4)).id, known);
      if (options.dryRun) checkChange({ change: 'pause', run });
      else await store.requestRun({ id: run.id, request: 'pause', by });
    } else if (!options.dryRun) {
      await store.pauseScope({ scope, by });
    }
    const running = (await store.listRuns({ states: ['running'], limit: 1_000 })).filter((run) => {
      const [kind, name] = scope.split('/');
      if (kind === 'run') return scope === `run/${run.id}`;
      return kind === 'job' ? run.job === name : kind === 'subject' ? run.subject === name : true;
    });
    const would = options.dryRun ? 'would be paused' : 'is paused';
    const effect =
      running.length === 0
        ? 'nothing of it runs'
        : `stops within 10 s: ${running.map((r) => r.id).join(', ')}`;
    cli.out.line(
      { scope, running: running.map((run) => run.id), dryRun: options.dryRun ?? false },
      `${scope} ${would}; ${effect}`,
    );
    return exitStatus.done;
  });
}

export async function resume(cli: Cli, text: string): Promise<ExitStatus> {
  return await withStore(cli, async ({ store, known, by }) => {
    if (text === 'exit') {
      if (!(await store.readExit())) throw new RotaError('RUN_STATE', 'exit is not set: workers go on');
      await store.setExit({ exit: false, by });
      cli.out.line({ scope: 'exit' }, 'workers that are started now go on');
      return exitStatus.done;
    }
    const pauses = await store.listPauses();
    // A wiki that has left rota.yaml since is still paused: all else of it would wait for ever when it comes back.
    const left = pauses.find(({ scope }) => [`subject/${text}`, `job/${text}`, text].includes(scope));
    const scope = left?.scope ?? parseScope(text, known);
    if (scope.startsWith('run/')) {
      const run = await findRun(store, parseRunId(scope.slice(4)).id, known);
      const resumed = await store.resumeRun({ id: run.id, by });
      cli.out.line({ scope, resumed: [run.id] }, `${run.id} is ${resumed.state}`);
      return exitStatus.done;
    }
    const isPaused = pauses.some((entry) => entry.scope === scope);
    const resumed = await store.resumeScope({ scope, by });
    if (!isPaused && resumed.length === 0) {
      const others = pauses.map((entry) => entry.scope);
      const hint = others.length === 0 ? 'nothing is' : `paused: ${others.join(', ')}`;
      throw new RotaError('RUN_STATE', `${scope} is not paused; ${hint}`);
    }
    cli.out.line(
      { scope, resumed },
      `${scope} goes on${resumed.length === 0 ? '' : `: ${resumed.join(', ')}`}`,
    );
    return exitStatus.done;
  });
}
