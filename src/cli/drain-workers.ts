import { thisProcess } from '../composition.ts';
import type { LeaseTools } from '../control/hold-lease.ts';
import { RotaError } from '../core/errors/rota-error.ts';
import { type ExitStatus, exitStatus } from '../core/exit-status.ts';
import { isName } from '../core/ids.ts';
import { silentLog } from '../core/log.ts';
import { drainHost, listDrains, listWorkers, undrainHost } from '../operations/worker/workers.ts';
import type { Cli } from './cli.ts';
import { type StoreTools, withStore } from './with-store.ts';

const lookEveryMs = 1_000;

export async function drainWorkers(
  cli: Cli,
  host: string,
  options: { readonly wait?: boolean },
): Promise<ExitStatus> {
  return await withStore(cli, async ({ store, config, by }) => {
    checkHost(host);
    await drainHost(leaseTools(cli, store, config), host, by);
    const workers = (await listWorkers(store)).filter((worker) => worker.host === host);
    cli.out.line(
      { host, drained: true, workers: workers.length },
      `${host} is drained: ${workers.length === 0 ? 'no worker is there now' : `its workers (${workers.map((w) => w.pid).join(', ')}) begin nothing new`}`,
    );
    if (!options.wait) return exitStatus.done;
    for (let said = ''; ; ) {
      const runs = (await store.listRuns({ states: ['running'], limit: 1_000 })).filter(
        (run) => run.lease?.alive && run.lease.holder.host === host,
      );
      if (runs.length === 0) break;
      const what = `waiting for ${runs.map((run) => run.id).join(', ')}`;
      if (what !== said) cli.out.remark(`rota: ${what}`);
      said = what;
      await cli.clock.sleep(lookEveryMs, cli.signal).catch(() => {});
      if (cli.signal.aborted) return exitStatus.interrupted;
    }
    cli.out.line({ host, idle: true }, `nothing is worked on on ${host}`);
    return exitStatus.done;
  });
}

export async function undrainWorkers(cli: Cli, host: string): Promise<ExitStatus> {
  return await withStore(cli, async ({ store, config }) => {
    checkHost(host);
    if (!(await listDrains(store)).some((drain) => drain.host === host)) {
      cli.out.line({ host, drained: false }, `${host} was not drained`);
      return exitStatus.nothingToDo;
    }
    await undrainHost(leaseTools(cli, store, config), host);
    cli.out.line({ host, drained: false }, `${host} is no longer drained: its workers claim runs again`);
    return exitStatus.done;
  });
}

function checkHost(host: string): void {
  if (!isName(host))
    throw new RotaError('USAGE', `${JSON.stringify(host)} is no host: see the names in \`rota status\``);
}

function leaseTools(cli: Cli, store: StoreTools['store'], config: StoreTools['config']): LeaseTools {
  const { clock, version } = cli;
  return {
    store,
    holder: thisProcess(clock, version),
    leaseMs: config.lease.durationMs,
    clock,
    log: silentLog,
  };
}
