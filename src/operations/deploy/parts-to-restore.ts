import type { HostGroup } from '../../config/environment-config.ts';
import type { RunStore } from '../../control/store/run-store.ts';
import { RotaError } from '../../core/errors/rota-error.ts';
import { isEnded, isFinished } from '../../core/run-state.ts';
import { type DeployParameters, restoresOnly } from '../../jobs/deploy/parameters.ts';
import type { LiveRecord } from '../../jobs/deploy/records.ts';
import { deploymentsOf } from './deployments-of.ts';
import { type Switching, switchedSince } from './switched-since.ts';

/** Hosts that are to serve one version. */
export interface RestoredPart extends Pick<DeployParameters, 'groups' | 'hosts'> {
  readonly version: string;
  /** The deployment to some groups that brought it there; left out for what is live. */
  readonly since?: string;
}

/** An environment with its hosts, and what to restore on which of them (all when left out). */
export interface ToRestore {
  readonly environment: {
    readonly name: string;
    readonly groups: readonly Pick<HostGroup, 'name' | 'hosts'>[];
  };
  readonly live: LiveRecord;
  readonly hosts: readonly string[] | undefined;
}

/**
 * What hosts are to serve, for restoring it: what is live, and in groups to which another version went since (`push --to`)
 * that one. What is live comes first; one part without hosts where all serve it.
 * @throws RotaError RUN_STATE where a deployment that did not come to its end leaves that open
 */
export async function partsToRestore(
  store: RunStore,
  { environment, live, hosts }: ToRestore,
): Promise<readonly RestoredPart[]> {
  const wanted = hosts ?? environment.groups.flatMap((group) => group.hosts);
  const runs = await deploymentsOf(store, environment.name);
  const elsewhere = new Map<string, Switching>();
  for await (const switching of switchedSince(store, runs)) {
    const { run, parameters, begun } = switching;
    if (restoresOnly(parameters)) continue;
    const touched = hostsOf(environment.groups, parameters.kind === 'rollback' ? undefined : begun);
    const unknown = touched.filter((host) => wanted.includes(host) && !elsewhere.has(host));
    // One that may still go on would be given up.
    if (!isFinished(run.state) && (unknown.length > 0 || !isEnded(run.state)))
      throw leftOpen(environment.name, `${run.id}, which is ${run.state},`);
    for (const host of unknown) elsewhere.set(host, switching);
  }
  const parts = new Map<Switching, RestoredPart>();
  for (const [host, switching] of elsewhere) {
    const { run, built, begun } = switching;
    if (built === undefined || built === live.version) continue;
    const known = parts.get(switching)?.hosts ?? [];
    parts.set(switching, { version: built, since: run.id, groups: begun, hosts: [...known, host] });
  }
  if (parts.size === 0) return [{ version: live.version, ...(hosts === undefined ? {} : { hosts }) }];
  const others = [...parts.values()].flatMap((part) => part.hosts ?? []);
  const rest = wanted.filter((host) => !others.includes(host));
  return [...(rest.length === 0 ? [] : [{ version: live.version, hosts: rest }]), ...parts.values()];
}

function leftOpen(environment: string, deployment: string): RotaError {
  return new RotaError(
    'RUN_STATE',
    `${deployment} may have left hosts of ${environment} with another version, so nobody can tell what they should serve: let it end first (rota deploy resume, promote or rollback ${environment})`,
  );
}

function hostsOf(groups: ToRestore['environment']['groups'], names: readonly string[] | undefined) {
  return groups
    .filter((group) => names === undefined || names.includes(group.name))
    .flatMap((group) => group.hosts);
}
