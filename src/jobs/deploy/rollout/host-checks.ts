import type { DeployCheck } from '../../../config/environment-checks-config.ts';
import type { HostGroup, TargetHost } from '../../../config/environment-config.ts';
import { RotaError } from '../../../core/errors/rota-error.ts';
import type { DeployContext } from '../stages/deploy-stage.ts';
import { askCheck, type CheckProgram } from './checks/ask-check.ts';

/**
 * Asks all checks of a group about one host. `isFirst`: of its batch.
 * @throws RotaError CHECK_FAILED, or what ended the session
 */
export async function runHostChecks(
  context: DeployContext,
  host: TargetHost,
  p: {
    readonly group: HostGroup;
    readonly version: string;
    readonly isFirst: boolean;
    readonly programOf: CheckProgram;
  },
): Promise<void> {
  for (const check of askedOfHosts(context)) {
    if (check.groups !== null && !check.groups.includes(p.group.name)) continue;
    if (check.on === 'one-host' && !p.isFirst) continue;
    const found = await askCheck(context, host, check, p.version, p.programOf);
    if (found === null) continue;
    if (found.unasked && check.onError === 'warn')
      context.stage.log.warn(
        { host: host.name, check: check.name, found: found.why },
        'a check could not be asked',
      );
    else tellFound(context, host, check, found.why);
  }
}

/** A failure of a host, or a warning. @throws RotaError CHECK_FAILED */
export function tellFound(context: DeployContext, host: TargetHost, check: DeployCheck, found: string): void {
  if (check.severity === 'fail') {
    const message = `check ${check.name} on ${host.name}: ${found}`;
    throw new RotaError('CHECK_FAILED', message, { facts: { host: host.name, check: check.name } });
  }
  context.stage.log.warn({ host: host.name, check: check.name, found }, 'a check warns');
}

/**
 * Whether the checks that failed on hosts fail just so on one that was not switched: then it is no fault of the version,
 * and taking it back would help nobody. Names the host, or null.
 */
export async function failsUntouchedToo(
  context: DeployContext,
  failed: readonly string[],
  live: string,
): Promise<string | null> {
  const { board, environment } = context;
  const names = new Set(failed.map((host) => board.get(host)?.check));
  const checks = askedOfHosts(context).filter((check) => names.has(check.name));
  if (names.has(undefined) || checks.length !== names.size) return null;
  const untouched = environment.hosts.find((host) => {
    const record = board.get(host.name);
    return record?.state === 'prepared' && record.before !== null && record.before !== record.slot;
  });
  if (untouched === undefined) return null;
  for (const check of checks) {
    try {
      if ((await askCheck(context, untouched, check, live)) === null) return null;
    } catch {
      context.stage.signal.throwIfAborted();
      // It could not be asked, so nothing is known of it.
      return null;
    }
  }
  return untouched.name;
}

function askedOfHosts({ environment }: DeployContext): readonly DeployCheck[] {
  return environment.checks.filter(({ probe }) => probe.kind !== 'log' && probe.kind !== 'metric');
}
