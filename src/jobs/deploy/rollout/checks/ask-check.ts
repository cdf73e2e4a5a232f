import { readFile } from 'node:fs/promises';
import type { DeployCheck } from '../../../../config/environment-checks-config.ts';
import type { TargetHost } from '../../../../config/environment-config.ts';
import { type Check, CustomCheck } from '../../../../control/check.ts';
import { runCheck } from '../../../../control/run-check.ts';
import { isRotaError, RotaError } from '../../../../core/errors/rota-error.ts';
import { loadPart } from '../../recipe/load-part.ts';
import type { DeployContext } from '../../stages/deploy-stage.ts';
import { hostCheck } from '../../target/programs/on-host.ts';
import type { TargetProgram } from '../../target/target-program.ts';
import { filled } from './filled.ts';
import { HostCheck } from './host-check.ts';

const betweenTriesMs = 1_000;

/** What is wrong, or (`unasked`) why the check could not even be asked. */
export interface CheckFound {
  readonly why: string;
  readonly unasked: boolean;
}

/** What a host does where a check is asked there, with the script or the bytes of the program; null: it is not asked. */
export type CheckProgram = (check: DeployCheck, command: string | Uint8Array) => TargetProgram | null;

/** Statuses with which shells say that there is no such program, or none that may be run. */
const noProgram: readonly unknown[] = [126, 127];

/** Asks a check about a host, as often as it may be tried. Null when it is well, else what was found. */
export async function askCheck(
  context: DeployContext,
  host: TargetHost,
  check: DeployCheck,
  version: string,
  programOf: CheckProgram = plainProgram(context, host, version),
): Promise<CheckFound | null> {
  const { stage } = context;
  for (let attempt = 1; ; attempt++) {
    const found = await ask(context, host, check, { version, programOf });
    if (found === null || attempt >= check.tries) return found;
    await stage.clock.sleep(betweenTriesMs, stage.signal);
  }
}

/** As the step `check` has it, where no module replaces that. */
function plainProgram(context: DeployContext, host: TargetHost, version: string): CheckProgram {
  const { path } = context.siteOf(host);
  return (check, command) => hostCheck(check, { path, host: host.name, version, command });
}

async function ask(
  context: DeployContext,
  host: TargetHost,
  check: DeployCheck,
  { version, programOf }: { readonly version: string; readonly programOf: CheckProgram },
): Promise<CheckFound | null> {
  const { stage, fleet } = context;
  const { probe } = check;
  const isProgram = probe.kind === 'command' || probe.kind === 'script';
  if (!isProgram || check.on === 'deployer') {
    const report = await runCheck(
      deployerCheck(context, check, host, version),
      { run: stage.run, stage: 'check', workspace: stage.workspace, signal: stage.signal, log: stage.log },
      stage.clock,
    );
    const unasked = report.isError === true && probe.kind !== 'http';
    return report.ok ? null : { why: report.message, unasked };
  }
  const command = probe.kind === 'command' ? probe.command : await bytesOf(probe.file);
  const program = programOf(check, command);
  if (program === null) return null;
  try {
    await fleet.run(host, program, stage.signal);
    return null;
  } catch (error) {
    if (isRotaError(error, 'TARGET_FAILED'))
      return {
        why: String(error.facts.found ?? error.message),
        unasked: noProgram.includes(error.facts.status),
      };
    if (isRotaError(error, 'TARGET_TIMEOUT')) return { why: error.message, unasked: true };
    throw error;
  }
}

/** The check as the deploy host runs it. */
export function deployerCheck(
  context: Pick<DeployContext, 'environment' | 'stage'>,
  check: DeployCheck,
  host: TargetHost,
  version: string,
): Check {
  const { probe } = check;
  const common = { name: check.name, severity: check.severity, timeoutMs: check.timeoutMs };
  const about = { host: host.name, version };
  const env = {
    ROTA_HOST: host.name,
    ROTA_VERSION: version,
    ROTA_PATH: `${host.root}${context.environment.path}`,
  };
  switch (probe.kind) {
    case 'command':
      return { ...common, kind: 'script', script: probe.command, env };
    case 'script':
      return { ...common, kind: 'command', argv: [probe.file], env };
    case 'http':
      return {
        ...common,
        kind: 'http',
        url: filled(probe.url, about),
        status: probe.status,
        ...(probe.contains === null ? {} : { contains: filled(probe.contains, about) }),
      };
    case 'class':
      return { ...common, kind: 'class', check: customCheck(context, probe.module, host, version) };
    default:
      throw new RotaError('INTERNAL', `check ${check.name} is asked of a batch, not of a host`);
  }
}

function customCheck(
  { environment, stage }: Pick<DeployContext, 'environment' | 'stage'>,
  file: string,
  host: TargetHost,
  version: string,
): CustomCheck {
  const Given = loadPart(file, HostCheck, stage.services.forModules);
  const check = new (Given as unknown as new () => HostCheck)();
  return new (class extends CustomCheck {
    check({ signal }: Parameters<CustomCheck['check']>[0]) {
      return check.check({ host, version, environment, log: stage.log, signal });
    }
  })();
}

async function bytesOf(file: string): Promise<Uint8Array> {
  return await readFile(file).catch((error: NodeJS.ErrnoException) => {
    throw new RotaError('FILE_UNREADABLE', `${file} cannot be read (${error.code})`, { cause: error });
  });
}
