import { farmJobs } from '../composition/jobs.ts';
import { openStore, thisProcess } from '../composition.ts';
import type { FarmConfig } from '../config/farm-config.ts';
import { loadConfig } from '../config/load-config.ts';
import { spawnRun, startProcess } from '../control/spawn-run.ts';
import type { RunStore } from '../control/store/run-store.ts';
import { RotaError } from '../core/errors/rota-error.ts';
import { type ExitStatus, exitStatus } from '../core/exit-status.ts';
import type { AnyJob } from '../jobs/definition/job-definition.ts';
import { jobNamed } from '../jobs/definition/job-named.ts';
import type { Assistance } from '../operations/worker/assist-runs.ts';
import { claimableJobs } from '../operations/worker/claimable-jobs.ts';
import { type FarmWorkerEvent, runFarmWorker } from '../operations/worker/run-farm-worker.ts';
import type { Cli } from './cli.ts';
import type { OpenLog } from './open-log.ts';
import { eventLine } from './output/run-lines.ts';
import { tellWaiting } from './tell-waiting.ts';

export interface WorkerCommandOptions {
  readonly jobs?: readonly string[];
  readonly slots?: number;
  readonly assist: Assistance;
  readonly once?: boolean;
}

export async function runWorkerCommand(cli: Cli, options: WorkerCommandOptions): Promise<ExitStatus> {
  const config = await cli.farm();
  await using log = await cli.openLog();
  await using store = await tellWaiting(cli, config, openStore(config, cli.clock));
  await work({ cli, config, log, store, options, signal: cli.signal });
  return exitStatus.done;
}

export interface WorkOptions {
  readonly cli: Cli;
  readonly config: FarmConfig;
  readonly log: OpenLog;
  readonly store: RunStore;
  readonly options: WorkerCommandOptions;
  readonly signal: AbortSignal;
}

/** The worker in this process, until the signal aborts. */
export async function work(p: WorkOptions): Promise<void> {
  const { cli, config, store, options } = p;
  const jobs = jobsOf(options.jobs);
  const claims = claimableJobs(config, jobs, options.slots);
  const tell = (event: FarmWorkerEvent | { readonly type: 'started' }) => tellWorkerEvent(cli, event, claims);
  tell({ type: 'started' });
  await runFarmWorker({
    store,
    readConfig: async () => (await loadConfig(config.file, cli.io)).config,
    jobs,
    slots: options.slots,
    once: options.once ?? false,
    leaseMs: config.lease.durationMs,
    assistance: options.assist,
    spawnRun: (claimed) =>
      spawnRun({ claimed, argv: workOn(cli, config, claimed.run.id), cwd: cli.io.cwd, env: cli.io.env }),
    spawnAssistant: (run) =>
      startProcess({ argv: [...workOn(cli, config, run), '--assist'], cwd: cli.io.cwd, env: cli.io.env }),
    holder: thisProcess(cli.clock, cli.version),
    clock: cli.clock,
    log: p.log.log,
    signal: p.signal,
    onEvent: tell,
  });
}

function jobsOf(names: readonly string[] | undefined): readonly AnyJob[] {
  const claimable = farmJobs.filter((job) => job.claimedBy === 'workers');
  return (
    names?.map((name) => {
      const job = jobNamed(farmJobs, name);
      if (job.claimedBy === 'workers') return job;
      throw new RotaError(
        'USAGE',
        `workers do not claim ${name}: a run of it is worked on by the process that began it, or by who resumes it`,
      );
    }) ?? claimable
  );
}

/** The command line of the process of a run: the program as it is installed when the run begins. */
function workOn(cli: Cli, config: FarmConfig, run: string): readonly [string, ...string[]] {
  const { json = false, verbose = false } = cli.global;
  return [
    process.execPath,
    ...process.execArgv,
    process.argv[1] ?? '',
    ...(json ? ['--json'] : []),
    ...(verbose ? ['--verbose'] : []),
    '--config',
    config.file,
    'work-on',
    run,
  ];
}

function tellWorkerEvent(
  cli: Cli,
  event: FarmWorkerEvent | { readonly type: 'started' },
  claims: ReadonlyMap<string, number>,
): void {
  const at = cli.clock.now();
  const say = (about: string, text: string, facts: object) =>
    cli.out.line({ at, type: event.type, ...facts }, eventLine(at, about, text));
  switch (event.type) {
    case 'started': {
      const what = [...claims].map(([job, slots]) => `${job}, ${slots} at once`);
      say('worker', `claims ${what.length === 0 ? 'nothing' : what.join('; ')} (process ${process.pid})`, {
        pid: process.pid,
        jobs: Object.fromEntries(claims),
      });
      break;
    }
    case 'due':
      for (const run of event.runs) say(run, 'is due', { run });
      break;
    case 'claimed':
      say(event.run.id, `claimed for process ${event.pid}`, { run: event.run.id, pid: event.pid });
      break;
    case 'child-ended': {
      const { code, signal } = event;
      const how = signal === null ? `ended with status ${code}` : `was ended by ${signal}`;
      // How the run itself came out, its process has said.
      if (code === 0 && !cli.out.json) break;
      say(event.run.id, `its process ${how}`, { run: event.run.id, code, signal });
      break;
    }
    case 'assisting':
      say(event.run, `helped by process ${event.pid}`, { run: event.run, pid: event.pid });
      break;
    case 'assisted':
      say(event.run, 'is no longer helped', { run: event.run });
      break;
    case 'standing-aside': {
      const { why } = event;
      const text =
        why === undefined
          ? 'claims runs again'
          : why.reason === 'drained'
            ? `begins nothing new: this host is drained by ${why.by}`
            : `begins nothing new: a worker of Rota ${why.version} is at work on ${why.host}; install it here too`;
      say('worker', text, { why });
      break;
    }
    case 'stopping': {
      const { reason, children } = event;
      const why = {
        signal: 'was told to stop',
        exit: 'ends: `exit` is set',
        idle: 'has nothing left to claim',
      }[reason];
      say('worker', children === 0 ? why : `${why}; waits for ${children} runs`, { reason, children });
      break;
    }
  }
}
