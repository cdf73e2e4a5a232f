import type { DeployPlan, PlannedHost } from './deploy-plan.ts';

/** How what would be done now differs from what was planned, a sentence each; none: it is the same. */
export function comparePlans(planned: DeployPlan, now: DeployPlan): readonly string[] {
  const found: string[] = [];
  if (planned.environment !== now.environment) found.push(`it is a plan for ${planned.environment}`);
  if (planned.version.tree !== now.version.tree) {
    found.push(
      `the staging tree is not what it was (tree ${short(planned.version.tree)}, now ${short(now.version.tree)})`,
    );
  } else if (planned.version.name !== now.version.name || planned.version.isNew !== now.version.isNew) {
    found.push(
      `the version would be ${now.version.name}, not ${planned.version.name}: others were made since`,
    );
  }
  if (planned.live !== now.live) {
    found.push(`the environment serves ${now.live ?? 'nothing'}, not ${planned.live ?? 'nothing'}`);
  }
  if (planned.settings !== now.settings)
    found.push(`the settings of ${now.environment} in rota.yaml changed`);
  else if (!same(planned.groups, now.groups))
    found.push('the groups, their order, or what is done to their hosts differ');
  else if (!same(planned.stages, now.stages)) found.push('the stages, or what they do, differ');
  const before = new Map(planned.hosts.map((host) => [host.name, host]));
  for (const host of now.hosts) {
    const old = before.get(host.name);
    before.delete(host.name);
    const difference = old === undefined ? 'is new' : compareHosts(old, host);
    if (difference !== null) found.push(`${host.name} ${difference}`);
  }
  for (const name of before.keys()) found.push(`${name} is gone`);
  return found;
}

function compareHosts(planned: PlannedHost, now: PlannedHost): string | null {
  if (planned.problem?.code !== now.problem?.code) {
    if (now.problem === null)
      return `can be deployed to now; when it was planned: ${planned.problem?.message}`;
    return `cannot be deployed to: ${now.problem.message}`;
  }
  if (now.problem !== null) return null;
  // A host that is deployed to for the first time gets its name when the deployment begins.
  if (planned.instance !== null && planned.instance !== now.instance) return 'is another machine than before';
  if (planned.serves?.commit !== now.serves?.commit) return `serves ${nameOf(now)}, not ${nameOf(planned)}`;
  if (planned.intact !== now.intact) {
    return now.intact === false ? 'was changed there since' : 'is no longer changed there';
  }
  if (planned.content !== now.content) return 'would get other files or secrets beside the version';
  if (planned.transfer !== now.transfer || planned.transferBytes !== now.transferBytes) {
    return `needs ${now.transferBytes} bytes, not ${planned.transferBytes}`;
  }
  return null;
}

function nameOf({ serves }: PlannedHost): string {
  return serves === null ? 'nothing' : (serves.version ?? short(serves.commit));
}

function short(object: string): string {
  return object.slice(0, 12);
}

function same(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
