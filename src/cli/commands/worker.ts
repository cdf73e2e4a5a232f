import { InvalidArgumentError, Option } from 'commander';
import { assistances } from '../../operations/worker/assist-runs.ts';
import type { RegisterCommand } from '../command-module.ts';
import type { WorkerCommandOptions } from '../run-worker.ts';

function list(text: string): readonly string[] {
  const jobs = text.split(',').filter((part) => part !== '');
  if (jobs.length > 0) return jobs;
  // `--jobs "$JOBS"` of an empty variable would be a worker that claims nothing for ever.
  throw new InvalidArgumentError('it names no job.');
}

function count(text: string): number {
  const number = Number(text);
  if (Number.isInteger(number) && number >= 1 && number <= 1000) return number;
  throw new InvalidArgumentError('it is no number from 1 to 1000.');
}

/** The options that `rota worker` and `rota up` share. */
export function workerOptions(): readonly Option[] {
  return [
    new Option('--jobs <jobs>', 'only these jobs (commas)').argParser(list),
    new Option('--slots <n>', 'runs at once (else the jobs’ slots in rota.yaml)').argParser(count),
    new Option('--assist <whose>', 'whose runs to lend a hand to when there is nothing to claim')
      .choices([...assistances])
      .default('other-hosts'),
  ];
}

export const registerWorker: RegisterCommand = (program, cli) => {
  const command = program
    .command('worker')
    .summary('claim runs and work on them until told to stop')
    .description(
      'Creates the runs that are due, claims them in their order and starts a process of its own for each, of the ' +
        'version and with the rota.yaml that are there then. Any number of workers may run on one store. SIGTERM: the ' +
        'pieces in hand are finished or given back, and the worker ends with status 0.',
    );
  for (const option of workerOptions()) command.addOption(option);
  command.option('--once', 'end when nothing is left to claim (for cron)').action(
    cli.action(async (options: WorkerCommandOptions) => {
      const { runWorkerCommand } = await import('../run-worker.ts');
      return await runWorkerCommand(cli, options);
    }),
  );
  command
    .command('drain')
    .argument('<host>', 'as `rota status` names it')
    .summary('let a host’s workers begin nothing new')
    .description(
      'Workers of the host, also those that start later, claim nothing and help nobody until it is undrained. What they ' +
        'work on goes on to its end; --wait waits for that.',
    )
    .option('--wait', 'until no process on the host works on a run')
    .action(
      cli.action(async (host: string, options: { readonly wait?: boolean }) => {
        const { drainWorkers } = await import('../drain-workers.ts');
        return await drainWorkers(cli, host, options);
      }),
    );
  command
    .command('undrain')
    .argument('<host>', 'as `rota status` names it')
    .summary('let a drained host’s workers claim runs again')
    .action(
      cli.action(async (host: string) => {
        const { undrainWorkers } = await import('../drain-workers.ts');
        return await undrainWorkers(cli, host);
      }),
    );
};
