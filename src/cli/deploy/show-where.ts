import { type ExitStatus, exitStatus } from '../../core/exit-status.ts';
import { openFleet } from '../../jobs/deploy/open-services.ts';
import { whereIs } from '../../operations/deploy/where-is.ts';
import type { Cli } from '../cli.ts';
import { environmentWithHosts } from './environment-named.ts';

/** Shows which hosts serve a commit or a file. */
export async function showWhere(cli: Cli, wanted: string, name: string | undefined): Promise<ExitStatus> {
  const config = await cli.farm();
  const environment = await environmentWithHosts(cli, config, name);
  await using fleet = openFleet(environment, {
    clock: cli.clock,
    env: cli.io.env,
    leaseMs: config.lease.durationMs,
  });
  const rows = await whereIs({ environment, fleet, wanted, signal: cli.signal });
  cli.out.table(
    [
      { title: 'HOST', value: (row) => row.host, shrinks: true },
      { title: 'VERSION', value: (row) => row.version ?? '-' },
      { title: 'HAS IT', value: (row) => row.has },
      { title: '', value: (row) => row.what, shrinks: true },
    ],
    rows,
    'no hosts',
  );
  return rows.every((row) => row.has === 'yes') ? exitStatus.done : exitStatus.doneWithErrors;
}
