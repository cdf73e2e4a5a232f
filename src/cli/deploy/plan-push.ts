import type { TransferSettings } from '../../config/environment-transfer-config.ts';
import { RotaError } from '../../core/errors/rota-error.ts';
import { type ExitStatus, exitStatus } from '../../core/exit-status.ts';
import { openFleet } from '../../jobs/deploy/open-services.ts';
import type { DeployPlan, KeptPlan, PlannedHost, PlannedStep } from '../../jobs/deploy/plan/deploy-plan.ts';
import { isPlanId } from '../../jobs/deploy/plan/deploy-plan.ts';
import { PlanFolder } from '../../jobs/deploy/plan/plan-folder.ts';
import type { NestedRepository } from '../../jobs/deploy/version/nested-repositories.ts';
import { readOrigin } from '../../jobs/deploy/version/origin.ts';
import { VersionRepository } from '../../jobs/deploy/version/version-repository.ts';
import { planDeployment } from '../../operations/deploy/plan-deployment.ts';
import type { Cli } from '../cli.ts';
import { bytesText } from '../output/quantities.ts';
import { withStore } from '../with-store.ts';
import { environmentWithHosts } from './environment-named.ts';

/** Makes a plan of a push, keeps it, and shows it; or shows one that was kept. */
export async function planPush(
  cli: Cli,
  name: string | undefined,
  options: { readonly to?: readonly string[] },
): Promise<ExitStatus> {
  if (name !== undefined && isPlanId(name)) {
    if (options.to !== undefined)
      throw new RotaError('USAGE', `${name} says itself which groups it goes to: leave out --to`);
    return await showKept(cli, name);
  }
  return await withStore(cli, async ({ config, store, by }) => {
    const environment = await environmentWithHosts(cli, config, name);
    refuseUnknownGroups(environment, options.to);
    await using fleet = openFleet(environment, {
      clock: cli.clock,
      env: cli.io.env,
      leaseMs: config.lease.durationMs,
    });
    const { kept, file, repositories } = await planDeployment({
      store,
      environment,
      groups: options.to,
      fleet,
      clock: cli.clock,
      by,
      signal: cli.signal,
    });
    tell(cli, kept, repositories, environment.transfer);
    cli.out.remark(
      `kept in ${file}; rota push ${kept.id} does exactly this, or stops where anything differs`,
    );
    return kept.plan.hosts.some((host) => host.problem !== null)
      ? exitStatus.doneWithErrors
      : exitStatus.done;
  });
}

/** @throws RotaError USAGE */
export function refuseUnknownGroups(
  environment: { readonly name: string; readonly groups: readonly { readonly name: string }[] },
  groups: readonly string[] | undefined,
): void {
  const known = environment.groups.map((group) => group.name);
  for (const group of groups ?? []) {
    if (known.includes(group)) continue;
    throw new RotaError(
      'USAGE',
      `${JSON.stringify(group)} is no group of ${environment.name}; there are ${known.join(', ')}`,
    );
  }
}

async function showKept(cli: Cli, id: string): Promise<ExitStatus> {
  const config = await cli.farm();
  for (const environment of config.environments.values()) {
    const folder = new PlanFolder(environment.repository);
    if (!(await folder.has(id))) continue;
    const kept = await folder.read(id);
    const repository = await VersionRepository.open(environment.repository, cli.signal);
    tell(cli, kept, (await readOrigin(repository, kept.commit))?.repositories ?? [], environment.transfer);
    return exitStatus.done;
  }
  throw new RotaError('PLAN_UNKNOWN', `No environment of ${config.file} has kept a plan ${id}`);
}

function tell(
  cli: Cli,
  kept: KeptPlan,
  repositories: readonly NestedRepository[],
  transfer: TransferSettings,
): void {
  const { plan } = kept;
  const text = [
    `${kept.id}, made ${kept.madeAt.slice(0, 16).replace('T', ' ')} by ${kept.by}`,
    `${plan.environment}: ${plan.live ?? 'nothing'} -> ${plan.version.name}${plan.version.isNew ? ' (new)' : ' (made before)'}`,
    ...repositoryLines(repositories),
    `  stages: ${plan.stages.map(stepText).join(', ')}`,
    ...groupLines(plan),
    ...plan.pools.map(
      ({ name, floor }) =>
        `  pool ${name}: hosts leave it while they are switched, ${Math.round(floor * 100)} % stay`,
    ),
    ...plan.hosts.map(hostLine),
    `to be sent in all: ${bytesText(plan.totalBytes)}${byThisMachine(plan, transfer)}`,
  ];
  if (cli.out.json) cli.out.line({ ...kept, repositories }, '');
  else for (const line of text) cli.out.line({}, line);
}

/** What of it leaves this machine. */
function byThisMachine({ hosts, totalBytes }: DeployPlan, { relay, width }: TransferSettings): string {
  if (totalBytes === 0) return '';
  if (relay === 'star' || hosts.length <= width) return ', all by this machine';
  // Hosts that lack the same get the same pack.
  const packs = Map.groupBy(hosts, ({ transferBytes }) => transferBytes);
  const bytes = [...packs].reduce((sum, [size, all]) => sum + size * Math.min(all.length, width), 0);
  return `, about ${bytesText(bytes)} by this machine and the rest by hosts (relay ${relay}, width ${width})`;
}

function repositoryLines(repositories: readonly NestedRepository[]): readonly string[] {
  return repositories.map(({ path, commit, author, subject, isDirty }) => {
    const dirty = isDirty === true ? ', with changes that are not committed' : '';
    const what = commit === null ? 'no commit' : `${commit.slice(0, 12)} ${subject ?? ''} (${author ?? ''})`;
    return `  ${path === '' ? '.' : path}: ${what}${dirty}`;
  });
}

function groupLines({ groups }: DeployPlan): readonly string[] {
  return groups.map((group) => {
    const hosts = group.batches.flat().length;
    const steps = group.steps
      // Where nothing is done nothing need be said, but for checks, which are missed.
      .filter(({ name, does }) => does.length > 0 || name === 'check')
      .map((step) => (step.does.length === 0 ? 'no checks' : stepText(step)))
      .join(', ');
    const soak = group.soakMs === 0 ? '' : `, soak ${group.soakMs / 1000} s`;
    return (
      `  group ${group.name}: ${counted(hosts, 'host')} in ${counted(group.batches.length, 'batch', 'batches')}, ` +
      `${steps}${soak}, may lose ${group.failureLimit}, then ${group.onFailure}`
    );
  });
}

function stepText({ name, does }: PlannedStep): string {
  const more = does.filter((one) => one !== name);
  return more.length === 0 ? name : `${name} (${more.join(', ')})`;
}

function hostLine(host: PlannedHost): string {
  if (host.problem !== null)
    return `  ! ${host.name} (${host.group}): ${host.problem.code}: ${host.problem.message}`;
  const { added, modified, deleted } = host.files;
  const serves = host.serves === null ? 'nothing' : (host.serves.version ?? host.serves.commit.slice(0, 12));
  const changed = host.intact === false ? ', changed there' : '';
  const bytes = host.transfer === 'none' ? 'nothing' : bytesText(host.transferBytes);
  return `  ${host.name} (${host.group}): serves ${serves}${changed}; ${bytes} to send; files +${added} ~${modified} -${deleted}`;
}

function counted(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}
