import { RotaError } from '../../core/errors/rota-error.ts';
import { type ExitStatus, exitStatus } from '../../core/exit-status.ts';
import { openFleet } from '../../jobs/deploy/open-services.ts';
import { readParameters } from '../../jobs/deploy/parameters.ts';
import { type LiveRecord, liveKey } from '../../jobs/deploy/records.ts';
import type { Observation } from '../../jobs/deploy/target/programs/observe.ts';
import { VersionRepository } from '../../jobs/deploy/version/version-repository.ts';
import { deploymentsOf } from '../../operations/deploy/deployments-of.ts';
import { observeFleet, verifyFleet } from '../../operations/deploy/look-at-fleet.ts';
import type { Cli } from '../cli.ts';
import { withStoreToRead } from '../with-store.ts';
import { environmentNamed, environmentWithHosts } from './environment-named.ts';

/** Shows what every host serves now. */
export async function showStatus(cli: Cli, name: string | undefined): Promise<ExitStatus> {
  return await withStoreToRead(cli, async ({ config, store }) => {
    const environment = await environmentWithHosts(cli, config, name);
    const live = (await store.readPointer({ key: liveKey(environment.name) })) as
      | LiveRecord
      | null
      | undefined;
    const repository = await VersionRepository.open(environment.repository, cli.signal);
    const names = new Map(
      (await repository.versions()).map(({ commit, name: version }) => [commit, version]),
    );
    await using fleet = openFleet(environment, {
      clock: cli.clock,
      env: cli.io.env,
      leaseMs: config.lease.durationMs,
    });
    const looks = await observeFleet(fleet, environment, { prove: 'stat', signal: cli.signal });
    const groupOf = (host: string) =>
      environment.groups.find((group) => group.hosts.includes(host))?.name ?? '';
    const rows = looks.map((look) => {
      const version = look.ok ? versionOf(look.value, names) : null;
      const isLive = version !== null && version === live?.version;
      return {
        host: look.host.name,
        group: groupOf(look.host.name),
        version,
        state: look.ok ? stateOf(look.value, isLive) : look.error.code,
        message: look.ok ? null : look.error.message,
      };
    });
    cli.out.table(
      [
        { title: 'HOST', value: (row) => row.host, shrinks: true },
        { title: 'GROUP', value: (row) => row.group },
        { title: 'VERSION', value: (row) => row.version ?? '-' },
        { title: 'STATE', value: (row) => row.state },
        { title: '', value: (row) => row.message ?? '', shrinks: true },
      ],
      rows,
      'no hosts',
    );
    return rows.every((row) => row.state === 'live') ? exitStatus.done : exitStatus.doneWithErrors;
  });
}

function versionOf(seen: Observation, names: ReadonlyMap<string, string>): string | null {
  const commit = seen.current === null ? undefined : seen.slots.get(seen.current);
  if (commit === undefined) return null;
  // After an adoption only the hosts know what their versions are called.
  return names.get(commit) ?? seen.commits.get(commit) ?? commit.slice(0, 12);
}

function stateOf(seen: Observation, isLive: boolean): string {
  if (seen.current === null) return 'nothing';
  if (seen.intact === false) return 'modified';
  return isLive ? 'live' : 'other';
}

/** Lists deployments, newest first. */
export async function showHistory(
  cli: Cli,
  name: string | undefined,
  options: { readonly limit: string },
): Promise<ExitStatus> {
  const limit = Number(options.limit);
  if (!Number.isInteger(limit) || limit < 1)
    throw new RotaError('USAGE', '--limit is a number of at least 1');
  return await withStoreToRead(cli, async ({ config, store }) => {
    const environment = environmentNamed(config, name);
    const runs = await deploymentsOf(store, environment.name, limit);
    const rows = await Promise.all(
      runs.map(async (run) => {
        const details = await store.readRun({ id: run.id });
        const built = details?.stages.find((stage) => stage.name === 'build')?.summary as
          | { readonly version?: string }
          | undefined;
        const { kind, message } = readParameters(run.parameters);
        return {
          run: run.id,
          at: run.createdAt.toISOString(),
          kind,
          version: built?.version ?? null,
          state: run.state,
          text: message ?? run.error?.message ?? run.reason ?? '',
        };
      }),
    );
    cli.out.table(
      [
        { title: 'WHEN', value: (row) => row.at.slice(0, 16).replace('T', ' ') },
        { title: 'RUN', value: (row) => row.run.split('/')[2] ?? row.run },
        { title: 'KIND', value: (row) => row.kind },
        { title: 'VERSION', value: (row) => row.version ?? '-' },
        { title: 'STATE', value: (row) => row.state },
        { title: '', value: (row) => row.text, shrinks: true },
      ],
      rows,
      `nothing was deployed to ${environment.name} yet`,
    );
    return exitStatus.done;
  });
}

/** Compares every host with its version, and lists what differs. */
export async function verifyHosts(
  cli: Cli,
  name: string | undefined,
  options: { readonly content?: boolean },
): Promise<ExitStatus> {
  const config = await cli.farm();
  const environment = await environmentWithHosts(cli, config, name);
  await using fleet = openFleet(environment, {
    clock: cli.clock,
    env: cli.io.env,
    leaseMs: config.lease.durationMs,
  });
  const content = options.content === true;
  const looks = await verifyFleet(fleet, environment, { content, signal: cli.signal });
  const rows = looks.flatMap((look) =>
    look.ok
      ? look.value.map(({ path, kind }) => ({ host: look.host.name, kind: kind as string, path }))
      : [{ host: look.host.name, kind: look.error.code, path: look.error.message }],
  );
  const how = content ? 'every file was read' : 'by size, times and inode; --content reads every file';
  cli.out.table(
    [
      { title: 'HOST', value: (row) => row.host },
      { title: 'WHAT', value: (row) => row.kind },
      { title: 'PATH', value: (row) => row.path, shrinks: true },
    ],
    rows,
    `${looks.length} hosts hold what was deployed (${how})`,
  );
  if (rows.length === 0) return exitStatus.done;
  const hosts = new Set(rows.map((row) => row.host));
  throw new RotaError(
    'DRIFT_FOUND',
    `${hosts.size} of ${looks.length} hosts differ from what was deployed (${how})`,
  );
}
