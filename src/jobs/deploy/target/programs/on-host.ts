import type { DeployCheck } from '../../../../config/environment-config.ts';
import type { TargetProgram } from '../target-program.ts';
import type { TargetSite } from '../target-site.ts';

export interface OnHostOptions extends TargetSite {
  readonly name: string;
  /** The site's own script. */
  readonly command: string;
  readonly host: string;
  readonly version: string;
  readonly mutates: boolean;
}

/** Runs a script of the site on a host, in the folder of the code that is served. */
export function onHost(p: OnHostOptions): TargetProgram {
  return {
    name: p.name,
    args: [p.path, p.command, p.host, p.version],
    deadlineMs: p.deadlineMs,
    mutates: p.mutates,
    script: `ROTA_PATH=$1 ROTA_HOST=$3 ROTA_VERSION=$4; export ROTA_PATH ROTA_HOST ROTA_VERSION
cd "$1" 2>/dev/null || cd /
exec sh -c "$2" rota
`,
  };
}

export function hostCheck(
  check: DeployCheck,
  p: Omit<OnHostOptions, 'name' | 'command' | 'mutates' | 'deadlineMs'>,
): TargetProgram {
  return onHost({
    ...p,
    name: `check ${check.name}`,
    command: check.command ?? 'true',
    deadlineMs: check.timeoutMs,
    mutates: false,
  });
}
