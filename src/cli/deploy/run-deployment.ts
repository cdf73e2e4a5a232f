import { type OpenFarm, openFarm } from '../../composition.ts';
import type { EnvironmentConfig } from '../../config/environment-config.ts';
import { RotaError } from '../../core/errors/rota-error.ts';
import { type ExitStatus, exitStatus } from '../../core/exit-status.ts';
import type { RunId } from '../../core/ids.ts';
import type { DeployParameters } from '../../jobs/deploy/parameters.ts';
import { isPlanId } from '../../jobs/deploy/plan/deploy-plan.ts';
import { PlanFolder } from '../../jobs/deploy/plan/plan-folder.ts';
import { type LiveRecord, liveKey } from '../../jobs/deploy/records.ts';
import {
  beginDeployment,
  resumeDeployment,
  versionBefore,
} from '../../operations/deploy/begin-deployment.ts';
import { workOnRun } from '../../operations/worker/work-on-run.ts';
import type { Cli } from '../cli.ts';
import { RunProgress } from '../output/run-progress.ts';
import { whoAsks } from '../who-asks.ts';
import { environmentNamed } from './environment-named.ts';
import { refuseUnknownGroups } from './plan-push.ts';

export interface PushOptions {
  readonly version?: string;
  readonly to?: readonly string[];
  readonly message?: string;
}

/** Deploys an environment in this process, or carries out a plan that was kept. */
export async function push(cli: Cli, name: string | undefined, options: PushOptions): Promise<ExitStatus> {
  if (name !== undefined && isPlanId(name)) return await pushPlan(cli, name, options);
  return await withFarm(cli, name, async (farm, environment) => {
    refuseUnknownGroups(environment, options.to);
    return await begin(cli, farm, environment, {
      kind: 'push',
      ...(options.version === undefined ? {} : { version: options.version }),
      ...(options.to === undefined ? {} : { groups: options.to }),
      ...(options.message === undefined ? {} : { message: options.message }),
    });
  });
}

async function pushPlan(cli: Cli, id: string, options: PushOptions): Promise<ExitStatus> {
  if (options.version !== undefined || options.to !== undefined)
    throw new RotaError(
      'USAGE',
      `${id} says itself what is deployed where: leave out --to and --version-name`,
    );
  for (const environment of (await cli.farm()).environments.values()) {
    const folder = new PlanFolder(environment.repository);
    if (!(await folder.has(id))) continue;
    const { digest, plan } = await folder.read(id);
    return await withFarm(cli, environment.name, async (farm) =>
      begin(cli, farm, environment, {
        kind: 'push',
        plan: { id, digest },
        ...(plan.groupsOnly ? { groups: plan.groups.map((group) => group.name) } : {}),
        ...(options.message === undefined ? {} : { message: options.message }),
      }),
    );
  }
  throw new RotaError('PLAN_UNKNOWN', `No environment has kept a plan ${id}: make one with rota push --plan`);
}

/** Takes all hosts of an environment to an earlier version. */
export async function rollback(
  cli: Cli,
  name: string | undefined,
  options: { readonly to?: string; readonly message?: string },
): Promise<ExitStatus> {
  return await withFarm(cli, name, async (farm, environment) => {
    const version = options.to ?? (await versionBefore(farm.store, environment.name));
    return await begin(cli, farm, environment, {
      kind: 'rollback',
      version,
      ...(options.message === undefined ? {} : { message: options.message }),
    });
  });
}

/** Makes hosts hold again what they serve, or brings it to those that owe it. */
export async function restore(
  cli: Cli,
  name: string | undefined,
  kind: 'repair' | 'catch-up',
  options: { readonly hosts?: readonly string[]; readonly message?: string },
): Promise<ExitStatus> {
  return await withFarm(cli, name, async (farm, environment) => {
    const live = (await farm.store.readPointer({ key: liveKey(environment.name) })) as
      | LiveRecord
      | null
      | undefined;
    if (!live)
      throw new RotaError(
        'VERSION_UNKNOWN',
        `${environment.name} serves nothing yet: rota push ${environment.name}`,
      );
    const known = environment.hosts.map((host) => host.name);
    for (const host of options.hosts ?? []) {
      if (!known.includes(host))
        throw new RotaError('USAGE', `${JSON.stringify(host)} is no host of ${environment.name}`);
    }
    const hosts = options.hosts ?? (kind === 'catch-up' ? Object.keys(live.owing) : undefined);
    if (hosts?.length === 0) {
      cli.out.remark(`every host of ${environment.name} serves ${live.version}`);
      return exitStatus.nothingToDo;
    }
    return await begin(cli, farm, environment, {
      kind,
      version: live.version,
      ...(hosts === undefined ? {} : { hosts }),
      ...(options.message === undefined ? {} : { message: options.message }),
    });
  });
}

/** Takes an environment over from another run store. */
export async function adoptEnvironment(
  cli: Cli,
  name: string | undefined,
  options: { readonly reason: string },
): Promise<ExitStatus> {
  return await withFarm(cli, name, async (farm, environment) =>
    begin(cli, farm, environment, { kind: 'adopt', message: options.reason }),
  );
}

/** Goes on with the newest deployment, where it stopped. */
export async function resume(cli: Cli, name: string | undefined): Promise<ExitStatus> {
  return await withFarm(cli, name, async (farm, environment) => {
    const by = whoAsks(cli);
    const id = await resumeDeployment({
      store: farm.store,
      environment,
      clock: cli.clock,
      by,
      signal: cli.signal,
    });
    return await work(cli, farm, id);
  });
}

export async function withFarm(
  cli: Cli,
  name: string | undefined,
  action: (farm: OpenFarm, environment: EnvironmentConfig) => Promise<ExitStatus>,
): Promise<ExitStatus> {
  const config = await cli.farm();
  const environment = environmentNamed(config, name);
  await using farm = await openFarm(config, { clock: cli.clock, env: cli.io.env, version: cli.version });
  return await action(farm, environment);
}

async function begin(
  cli: Cli,
  farm: OpenFarm,
  environment: EnvironmentConfig,
  parameters: DeployParameters,
): Promise<ExitStatus> {
  const id = await beginDeployment({
    store: farm.store,
    environment,
    parameters,
    clock: cli.clock,
    by: whoAsks(cli),
    signal: cli.signal,
  });
  return await work(cli, farm, id);
}

/** Works on a deployment to its end and says how it ended. */
export async function work(cli: Cli, farm: OpenFarm, id: RunId): Promise<ExitStatus> {
  await using log = await cli.openLog();
  using progress = new RunProgress({
    stream: cli.out.json ? cli.io.stdout : cli.io.stderr,
    json: cli.out.json,
    color: cli.out.color,
  });
  const { run, exit, error } = await workOnRun({
    farm,
    run: id,
    inherited: undefined,
    clock: cli.clock,
    log: log.log,
    signal: cli.signal,
    onEvent: progress.listen,
  });
  const details = await farm.store.readRun({ id });
  const summary = details?.stages.find((stage) => stage.name === 'build')?.summary as
    | { readonly version?: string }
    | undefined;
  const version = summary?.version ?? null;
  const reason = run.reason === undefined ? '' : `: ${run.reason}`;
  cli.out.line(
    { run: run.id, state: run.state, version, reason: run.reason },
    `${run.id} ${run.state}${version === null ? '' : `, version ${version}`}${reason}`,
  );
  if (error) throw error;
  return exit === exitStatus.done ? exitStatus.done : exit;
}
