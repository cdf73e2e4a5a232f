import { thisProcess } from '../../composition.ts';
import { RotaError } from '../../core/errors/rota-error.ts';
import { type ExitStatus, exitStatus } from '../../core/exit-status.ts';
import { setDeployLock } from '../../operations/deploy/begin-deployment.ts';
import type { Cli } from '../cli.ts';
import { withStore } from '../with-store.ts';
import { environmentNamed } from './environment-named.ts';

/** Keeps everybody from deploying to an environment until it is unlocked. */
export async function lockEnvironment(
  cli: Cli,
  name: string | undefined,
  options: { readonly reason: string },
): Promise<ExitStatus> {
  return await change(cli, name, options.reason);
}

export async function unlockEnvironment(cli: Cli, name: string | undefined): Promise<ExitStatus> {
  return await change(cli, name, null);
}

async function change(cli: Cli, name: string | undefined, reason: string | null): Promise<ExitStatus> {
  if (reason?.trim() === '')
    throw new RotaError('USAGE', '--reason tells the others why; it cannot be empty');
  return await withStore(cli, async ({ config, store, by }) => {
    const { name: environment } = environmentNamed(config, name);
    const at = cli.clock.now().toISOString();
    const lock = reason === null ? null : { by, reason, at };
    const before = await setDeployLock({
      store,
      environment: { name: environment },
      holder: thisProcess(cli.clock, cli.version),
      clock: cli.clock,
      signal: cli.signal,
      lock,
    });
    if (lock === null && before === null) {
      cli.out.remark(`${environment} was not locked`);
      return exitStatus.nothingToDo;
    }
    const text =
      lock === null
        ? `${environment} is unlocked; ${before?.by} had locked it: ${before?.reason}`
        : `${environment} is locked: ${lock.reason}`;
    cli.out.line({ environment, lock }, text);
    return exitStatus.done;
  });
}
