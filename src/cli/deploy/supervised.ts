import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline/promises';
import { type OpenFarm, workspaceFinder } from '../../composition.ts';
import type { EnvironmentConfig } from '../../config/environment-config.ts';
import type { RunDetails } from '../../control/store/run-view.ts';
import { isRotaError, RotaError } from '../../core/errors/rota-error.ts';
import { type ExitStatus, exitStatus } from '../../core/exit-status.ts';
import type { RunId } from '../../core/ids.ts';
import { beginDeployment } from '../../operations/deploy/begin-deployment.ts';
import { versionBefore } from '../../operations/deploy/version-before.ts';
import { exitOfRun } from '../../operations/runs/exit-of-run.ts';
import { followRun } from '../../operations/runs/follow-run.ts';
import { LogReader } from '../../operations/worker/log-reader.ts';
import type { Cli } from '../cli.ts';
import { RunProgress } from '../output/run-progress.ts';
import { whoAsks } from '../who-asks.ts';

const lookEveryMs = 200;

/**
 * Starts a process of its own for a deployment, in a session of its own: it goes on when this one ends, its terminal is closed
 * or its connection breaks.
 */
export function startSupervised(cli: Cli, farm: OpenFarm, id: RunId): Promise<number | null> {
  const args = [...process.execArgv, process.argv[1] ?? '', '--config', farm.config.file, 'work-on', id];
  const child = spawn(process.execPath, args, {
    cwd: cli.io.cwd,
    env: cli.io.env as NodeJS.ProcessEnv,
    detached: true,
    stdio: 'ignore',
  });
  const ended = new Promise<number | null>((resolve) => {
    child.once('exit', (code) => resolve(code));
    child.once('error', () => resolve(null));
  });
  child.unref();
  return ended;
}

/** Works on a deployment in a process of its own and shows what it does; Ctrl-C asks what is to become of it. */
export async function workAttached(
  cli: Cli,
  farm: OpenFarm,
  environment: EnvironmentConfig,
  id: RunId,
): Promise<ExitStatus> {
  let run = await attach(cli, farm, id, startSupervised(cli, farm, id), cli.signal);
  if (cli.signal.aborted && isGoing(run)) {
    // Where the terminal went away nobody asked for anything, and nobody can be asked.
    if (!isKeyPress(cli.signal)) return exitStatus.interrupted;
    run = await bringToStop(cli, farm, run);
  }
  for (;;) {
    if (run.state === 'held') {
      const answer = await choose(
        cli,
        `${run.reason ?? 'It waits'}. [g]o on, [r]oll back, or leave it [h]eld?`,
        'grh',
        'h',
      );
      if (answer === 'h') return exitOfRun(run);
      if (answer === 'r') return await rollBack(cli, farm, environment);
      await farm.store.decideHeld({ id, decision: 'approved', by: whoAsks(cli) });
    } else if (run.state === 'paused') {
      const answer = await choose(
        cli,
        'No further host is switched. [c]ontinue, [r]oll back, [s]top here, or continue and [d]etach?',
        'crsd',
        's',
      );
      if (answer === 's') {
        cli.out.remark(
          `stopped: rota deploy resume ${environment.name} goes on, rota deploy rollback takes it back`,
        );
        return exitStatus.interrupted;
      }
      if (answer === 'r') return await rollBack(cli, farm, environment);
      await farm.store.resumeRun({ id, by: whoAsks(cli) });
      if (answer === 'd') {
        startSupervised(cli, farm, id);
        cli.out.remark(`${id} goes on: rota attach ${id}`);
        return exitStatus.done;
      }
    } else {
      return tellEnd(cli, run);
    }
    run = await attach(cli, farm, id, startSupervised(cli, farm, id), new AbortController().signal);
  }
}

async function rollBack(cli: Cli, farm: OpenFarm, environment: EnvironmentConfig): Promise<ExitStatus> {
  const { store } = farm;
  const signal = new AbortController().signal;
  const parameters = { kind: 'rollback', version: await versionBefore(store, environment.name) } as const;
  const by = whoAsks(cli);
  const { holder } = farm;
  const id = await beginDeployment({ store, environment, parameters, clock: cli.clock, by, holder, signal });
  return tellEnd(cli, await attach(cli, farm, id, startSupervised(cli, farm, id), signal));
}

function tellEnd(cli: Cli, run: RunDetails): ExitStatus {
  const reason = run.error === undefined ? run.reason : `${run.error.code}: ${run.error.message}`;
  cli.out.line(
    { run: run.id, state: run.state, reason },
    `${run.id} ${run.state}${reason === undefined ? '' : `: ${reason}`}`,
  );
  return exitOfRun(run);
}

/** Shows what a run does until it comes to an end or is interrupted; the process that works on it may die. */
async function attach(
  cli: Cli,
  farm: OpenFarm,
  id: RunId,
  ended: Promise<number | null>,
  signal: AbortSignal,
): Promise<RunDetails> {
  const { store } = farm;
  const look = async () => {
    const run = await store.readRun({ id });
    if (run === undefined) throw new RotaError('RUN_UNKNOWN', `The run ${id} has left the store`);
    return run;
  };
  using progress = new RunProgress({
    stream: cli.out.json ? cli.io.stdout : cli.io.stderr,
    json: cli.out.json,
    color: cli.out.color,
  });
  const log = new LogReader({ workspaceOf: workspaceFinder(farm.config) });
  const gone = new AbortController();
  ended.then(() => gone.abort());
  const events = followRun({
    store,
    clock: cli.clock,
    run: await look(),
    newLogLines: (now) => log.newLines(now),
    signal: AbortSignal.any([signal, gone.signal]),
    everyMs: lookEveryMs,
  });
  for await (const event of events) progress.listen(event);
  const run = await look();
  if (gone.signal.aborted && isGoing(run)) {
    throw new RotaError(
      'DEPLOY_FAILED',
      `The process of ${id} ended before the deployment did: rota deploy resume ${run.subject} goes on (its log says why)`,
    );
  }
  return run;
}

/** No new host is begun; those in hand come to their safe point. */
async function bringToStop(cli: Cli, farm: OpenFarm, run: RunDetails): Promise<RunDetails> {
  const { store } = farm;
  cli.out.remark('\nhosts in hand are brought to their safe point …');
  await store.requestRun({ id: run.id, request: 'pause', by: whoAsks(cli) });
  for (;;) {
    const now = await store.readRun({ id: run.id });
    if (now === undefined || !isGoing(now)) return now ?? run;
    await cli.clock.sleep(lookEveryMs);
  }
}

function isKeyPress({ reason }: AbortSignal): boolean {
  return isRotaError(reason, 'INTERRUPTED') && reason.facts.signal === 'SIGINT';
}

function isGoing(run: RunDetails): boolean {
  return run.state === 'running' || run.state === 'waiting';
}

/** One of the letters; where the input ends without one, `careful`, which leaves everything as it is. */
async function choose(cli: Cli, question: string, letters: string, careful: string): Promise<string> {
  const lines = createInterface({ input: process.stdin, output: cli.io.stderr });
  const inputEnded = new Promise<string>((resolve) => lines.once('close', () => resolve(careful)));
  try {
    lines.on('SIGINT', () => process.exit(exitStatus.interrupted));
    for (;;) {
      // A question that is open when the input ends rejects at Ctrl-D, else it is never answered.
      const asked = lines.question(`${question} `).catch(() => inputEnded);
      const answer = (await Promise.race([inputEnded, asked])).trim().toLowerCase().slice(0, 1);
      if (answer !== '' && letters.includes(answer)) return answer;
    }
  } finally {
    lines.close();
  }
}
