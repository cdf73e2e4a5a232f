import type { OpenFarm } from '../../composition.ts';
import type { EnvironmentConfig } from '../../config/environment-config.ts';
import { RotaError } from '../../core/errors/rota-error.ts';
import { type ExitStatus, exitStatus } from '../../core/exit-status.ts';
import type { RunId } from '../../core/ids.ts';
import type { Log } from '../../core/log.ts';
import type { DeployParameters } from '../../jobs/deploy/parameters.ts';
import { isPlanId } from '../../jobs/deploy/plan/deploy-plan.ts';
import { PlanFolder } from '../../jobs/deploy/plan/plan-folder.ts';
import {
  type BeginOptions,
  beginDeployment,
  resumeDeployment,
} from '../../operations/deploy/begin-deployment.ts';
import { promoteDeployment } from '../../operations/deploy/promote-deployment.ts';
import { refuseUnknownVersion } from '../../operations/deploy/refuse-unknown-version.ts';
import { versionBefore } from '../../operations/deploy/version-before.ts';
import { waitForTurn } from '../../operations/deploy/wait-for-turn.ts';
import { workOnRun } from '../../operations/worker/work-on-run.ts';
import type { Cli } from '../cli.ts';
import { openFarmOf } from '../open-farm-of.ts';
import { RunProgress } from '../output/run-progress.ts';
import { whoAsks } from '../who-asks.ts';
import { environmentNamed } from './environment-named.ts';
import { refuseUnknownGroups } from './plan-push.ts';
import { startSupervised, workAttached } from './supervised.ts';

/** How a deployment is worked on: in this process, or in one of its own that nobody waits for. */
export interface WorkOptions {
  readonly detach?: boolean;
  /** Groups after which a person is asked are gone past. */
  readonly yes?: boolean;
  /** While somebody else deploys, or has locked the environment, it waits. */
  readonly wait?: boolean;
}

export interface PushOptions extends WorkOptions {
  readonly version?: string;
  readonly to?: readonly string[];
  /** Wait for a person after the groups of `to`, instead of ending there. */
  readonly hold?: boolean;
  readonly message?: string;
}

/** Deploys an environment in this process, or carries out a plan that was kept. */
export async function push(cli: Cli, name: string | undefined, options: PushOptions): Promise<ExitStatus> {
  if (name !== undefined && isPlanId(name)) return await pushPlan(cli, name, options);
  return await withFarm(cli, name, async (farm, environment) => {
    refuseUnknownGroups(environment, options.to);
    if (options.hold === true && options.to === undefined)
      throw new RotaError('USAGE', '--hold says that it waits after the groups of --to: give both');
    refuseUnasked(cli, environment, options);
    if (options.version !== undefined)
      await refuseUnknownVersion(farm.store, environment, options.version, cli.signal);
    return await begin(cli, farm, environment, options, {
      kind: 'push',
      ...(options.yes === true ? { unattended: true } : {}),
      ...(options.version === undefined ? {} : { version: options.version }),
      ...(options.to === undefined ? {} : { [options.hold === true ? 'holdAfter' : 'groups']: options.to }),
      ...(options.message === undefined ? {} : { message: options.message }),
    });
  });
}

async function pushPlan(cli: Cli, id: string, options: PushOptions): Promise<ExitStatus> {
  if (options.version !== undefined || options.to !== undefined || options.hold !== undefined)
    throw new RotaError(
      'USAGE',
      `${id} says itself what is deployed where: leave out --to, --hold and --version-name`,
    );
  for (const environment of (await cli.farm()).environments.values()) {
    const folder = new PlanFolder(environment.repository);
    if (!(await folder.has(id))) continue;
    const { digest, plan } = await folder.read(id);
    refuseUnasked(cli, environment, options);
    return await withFarm(cli, environment.name, async (farm) =>
      begin(cli, farm, environment, options, {
        kind: 'push',
        ...(options.yes === true ? { unattended: true } : {}),
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
  options: WorkOptions & { readonly to?: string; readonly message?: string },
): Promise<ExitStatus> {
  return await withTurn(cli, name, options, async (farm, environment) => {
    if (options.to !== undefined) await refuseUnknownVersion(farm.store, environment, options.to, cli.signal);
    const version = options.to ?? (await versionBefore(farm.store, environment.name));
    return await begin(cli, farm, environment, options, {
      kind: 'rollback',
      version,
      ...(options.message === undefined ? {} : { message: options.message }),
    });
  });
}

/** Takes an environment over from another run store. */
export async function adoptEnvironment(
  cli: Cli,
  name: string | undefined,
  options: WorkOptions & { readonly reason: string },
): Promise<ExitStatus> {
  return await withFarm(cli, name, async (farm, environment) =>
    begin(cli, farm, environment, options, { kind: 'adopt', message: options.reason }),
  );
}

/** Goes on with the newest deployment, where it stopped. */
export async function resume(cli: Cli, name: string | undefined, options: WorkOptions): Promise<ExitStatus> {
  return await withFarm(cli, name, async (farm, environment) => {
    const id = await resumeDeployment(turnOf(cli, farm, environment, options));
    return await work(cli, farm, environment, id, options);
  });
}

/** Lets the newest deployment go on: past a group after which a person is asked, or from some groups to all. */
export async function promote(cli: Cli, name: string | undefined, options: WorkOptions): Promise<ExitStatus> {
  return await withTurn(cli, name, options, async (farm, environment) => {
    const found = await promoteDeployment(farm.store, environment.name, whoAsks(cli));
    if (found.kind === 'resume') return await work(cli, farm, environment, found.run, options);
    refuseUnasked(cli, environment, options);
    return await begin(cli, farm, environment, options, {
      kind: 'push',
      version: found.version,
      ...(options.yes === true ? { unattended: true } : {}),
    });
  });
}

/** Where nobody can be asked, a deployment that would ask is not begun. */
function refuseUnasked(cli: Cli, environment: EnvironmentConfig, options: PushOptions): void {
  if (options.yes === true || canAsk(cli)) return;
  const asking = environment.groups.find(
    (group) => group.asks && (options.to === undefined || options.to.includes(group.name)),
  );
  if (asking === undefined) return;
  throw new RotaError(
    'USAGE',
    `After group ${asking.name} a person is asked (pause: ask), and nobody can be asked here: give --yes, or push --to ${asking.name} and promote later`,
  );
}

function canAsk(cli: Cli): boolean {
  return process.stdin.isTTY === true && cli.io.stderr.isTTY === true && !cli.out.json;
}

export async function withFarm(
  cli: Cli,
  name: string | undefined,
  action: (farm: OpenFarm, environment: EnvironmentConfig) => Promise<ExitStatus>,
): Promise<ExitStatus> {
  const config = await cli.farm();
  const environment = environmentNamed(config, name);
  await using farm = await openFarmOf(cli, config);
  return await action(farm, environment);
}

/** What is asked of an environment's past is asked when it is this one's turn. */
export async function withTurn(
  cli: Cli,
  name: string | undefined,
  options: WorkOptions,
  action: (farm: OpenFarm, environment: EnvironmentConfig) => Promise<ExitStatus>,
): Promise<ExitStatus> {
  return await withFarm(cli, name, async (farm, environment) => {
    if (options.wait === true) await waitForTurn(turnOf(cli, farm, environment, options));
    return await action(farm, environment);
  });
}

function turnOf(
  cli: Cli,
  farm: OpenFarm,
  environment: EnvironmentConfig,
  options: WorkOptions,
): BeginOptions {
  return {
    store: farm.store,
    environment,
    clock: cli.clock,
    by: whoAsks(cli),
    holder: farm.holder,
    signal: cli.signal,
    ...(options.wait === true ? { wait: (sentence) => cli.out.remark(sentence) } : {}),
  };
}

/** Begins a deployment and works on it. */
export async function begin(
  cli: Cli,
  farm: OpenFarm,
  environment: EnvironmentConfig,
  options: WorkOptions,
  parameters: DeployParameters,
): Promise<ExitStatus> {
  const id = await beginDeployment({ ...turnOf(cli, farm, environment, options), parameters });
  return await work(cli, farm, environment, id, options);
}

/**
 * Works on a deployment to its end and says how it ended. On a terminal it has a process of its own, which does not end with
 * the terminal; elsewhere this process is as good as another, and half a second faster.
 */
async function work(
  cli: Cli,
  farm: OpenFarm,
  environment: EnvironmentConfig,
  id: RunId,
  options: WorkOptions,
): Promise<ExitStatus> {
  if (options.detach === true) {
    startSupervised(cli, farm, id);
    cli.out.line({ run: id }, `${id} is worked on: rota attach ${id}`);
    return exitStatus.done;
  }
  if (canAsk(cli)) return await workAttached(cli, farm, environment, id);
  await using log = await cli.openLog();
  return await workHere(cli, farm, id, log.log);
}

/** Works on a deployment in this process, shows what it does, and says how it ended. */
export async function workHere(cli: Cli, farm: OpenFarm, id: RunId, log: Log): Promise<ExitStatus> {
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
    log,
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
