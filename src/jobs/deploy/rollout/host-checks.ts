import type { DeployCheck, HostGroup, TargetHost } from '../../../config/environment-config.ts';
import type { Check } from '../../../control/check.ts';
import { runCheck } from '../../../control/run-check.ts';
import { isRotaError, RotaError } from '../../../core/errors/rota-error.ts';
import type { ChosenVersion, DeployContext } from '../stages/deploy-stage.ts';
import { hostCheck } from '../target/programs/on-host.ts';

const betweenTriesMs = 1_000;

/** Asks all checks of a group about one host. @throws RotaError CHECK_FAILED, or what ended the session */
export async function runHostChecks(
  context: DeployContext,
  host: TargetHost,
  group: HostGroup,
  version: ChosenVersion,
): Promise<void> {
  for (const check of context.environment.checks) {
    if (check.groups !== null && !check.groups.includes(group.name)) continue;
    const found = await askRepeatedly(context, host, check, version);
    if (found === null) continue;
    const message = `check ${check.name} on ${host.name}: ${found}`;
    if (check.severity === 'fail') {
      throw new RotaError('CHECK_FAILED', message, { facts: { host: host.name, check: check.name } });
    }
    context.stage.log.warn({ host: host.name, check: check.name, found }, 'a check warns');
  }
}

/** Null when it is well, else what was found. */
async function askRepeatedly(
  context: DeployContext,
  host: TargetHost,
  check: DeployCheck,
  version: ChosenVersion,
): Promise<string | null> {
  const { stage } = context;
  for (let attempt = 1; ; attempt++) {
    const found = await ask(context, host, check, version);
    if (found === null || attempt === check.tries) return found;
    await stage.clock.sleep(betweenTriesMs, stage.signal);
  }
}

async function ask(
  context: DeployContext,
  host: TargetHost,
  check: DeployCheck,
  version: ChosenVersion,
): Promise<string | null> {
  const { stage, fleet } = context;
  if (check.kind === 'command' && check.on === 'host') {
    const program = hostCheck(check, {
      path: context.siteOf(host).path,
      host: host.name,
      version: version.version,
    });
    try {
      await fleet.run(host, program, stage.signal);
      return null;
    } catch (error) {
      if (isRotaError(error, 'TARGET_FAILED')) return String(error.facts.found ?? error.message);
      if (isRotaError(error, 'TARGET_TIMEOUT')) return error.message;
      throw error;
    }
  }
  const report = await runCheck(
    deployerCheck(check, host, version),
    { run: stage.run, stage: 'check', workspace: stage.workspace, signal: stage.signal, log: stage.log },
    stage.clock,
  );
  return report.ok ? null : report.message;
}

/** The check as the deploy host runs it. */
export function deployerCheck(
  check: DeployCheck,
  host: Pick<TargetHost, 'name'>,
  version: Pick<ChosenVersion, 'version'>,
): Check {
  const common = { name: check.name, severity: check.severity, timeoutMs: check.timeoutMs };
  if (check.kind === 'command') {
    const env = { ROTA_HOST: host.name, ROTA_VERSION: version.version };
    return { ...common, kind: 'script', script: check.command ?? '', env };
  }
  const filled = (text: string) =>
    text.replaceAll('{host}', host.name).replaceAll('{version}', version.version);
  return {
    ...common,
    kind: 'http',
    url: filled(check.url ?? ''),
    status: check.status,
    ...(check.contains === null ? {} : { contains: filled(check.contains) }),
  };
}
