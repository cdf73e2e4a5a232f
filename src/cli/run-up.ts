import { type ExitStatus, exitStatus } from '../core/exit-status.ts';
import type { Cli } from './cli.ts';
import { openFarmOf } from './open-farm-of.ts';
import { farmMonitor } from './run-monitor.ts';
import { openWeb } from './run-serve.ts';
import { type WorkerCommandOptions, work } from './run-worker.ts';

/** Worker and monitor in one process, with the web interface where rota.yaml says where to listen; where one fails the other ends, too, so that whoever started them sees it. */
export async function runUp(cli: Cli, options: WorkerCommandOptions): Promise<ExitStatus> {
  const config = await cli.farm();
  await using log = await cli.openLog();
  await using farm = await openFarmOf(cli, config);
  const { listen } = config.web;
  await using _web = listen === null ? null : await openWeb({ cli, farm, log, face: 'operators', listen });
  const ended = new AbortController();
  const signal = AbortSignal.any([cli.signal, ended.signal]);
  const both = [
    work({ cli, config, log, store: farm.store, options, signal }),
    farmMonitor({ cli, farm, log, signal }).run(),
  ].map((part) => part.finally(() => ended.abort()));
  const results = await Promise.allSettled(both);
  for (const result of results) if (result.status === 'rejected') throw result.reason;
  return exitStatus.done;
}
