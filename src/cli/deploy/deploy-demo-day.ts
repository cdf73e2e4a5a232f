import { dirname, join, relative } from 'node:path';
import type { OpenFarm } from '../../composition.ts';
import { type ExitStatus, exitStatus } from '../../core/exit-status.ts';
import type { Log } from '../../core/log.ts';
import { writeCodeDay } from '../../demo/farm/code-day.ts';
import { beginDeployment } from '../../operations/deploy/begin-deployment.ts';
import type { Cli } from '../cli.ts';
import { whoAsks } from '../who-asks.ts';
import { findProgramIn } from './find-program.ts';
import { workHere } from './run-deployment.ts';

const needed = ['git', 'flock', 'setsid'];

/** The deployment of a day of the demonstration farm: a few files of its code changed, and go to three folders of this machine. */
export async function deployDemoDay(cli: Cli, farm: OpenFarm, log: Log, date: string): Promise<ExitStatus> {
  const [environment] = farm.config.environments.values();
  // The farm is its owner's: without an environment nothing is deployed.
  if (environment === undefined || date === '') return exitStatus.done;
  const missing = await missingPrograms(cli);
  if (missing.length > 0) {
    cli.out.remark(`rota: ${missing.join(' and ')} not installed, so no code is deployed.`);
    return exitStatus.done;
  }
  await writeCodeDay(dirname(farm.config.file), date);
  const id = await beginDeployment({
    store: farm.store,
    environment,
    parameters: { kind: 'push', message: `the code of ${date}` },
    clock: cli.clock,
    by: whoAsks(cli),
    holder: farm.holder,
    signal: cli.signal,
  });
  const status = await workHere(cli, farm, id, log);
  const [host] = environment.hosts;
  if (host !== undefined) {
    const served = relative(cli.io.cwd, join(host.root, environment.path));
    cli.out.remark(`rota: the code is on ${environment.hosts.length} targets, the first is ${served}`);
  }
  return status;
}

async function missingPrograms(cli: Cli): Promise<readonly string[]> {
  const found = await Promise.all(needed.map((name) => findProgramIn(cli.io.env.PATH ?? '', name)));
  return needed.filter((_, i) => !found[i]);
}
