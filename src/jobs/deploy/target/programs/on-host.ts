import type { DeployCheck } from '../../../../config/environment-checks-config.ts';
import type { ProgramInput, TargetProgram } from '../target-program.ts';
import type { TargetSite } from '../target-site.ts';

export interface OnHostOptions extends TargetSite {
  readonly name: string;
  /** The site's own: a script for sh, or (with its bytes) a program that is run by what its first line names. */
  readonly command: string | Uint8Array;
  readonly host: string;
  readonly version: string;
  readonly mutates: boolean;
  /** As whom; null or left out: as everything else. */
  readonly user?: string | null;
}

const variables = `ROTA_PATH=$1 ROTA_HOST=$2 ROTA_VERSION=$3; export ROTA_PATH ROTA_HOST ROTA_VERSION
cd "$1" 2>/dev/null || cd /
as() { if [ "$user" = - ]; then exec "$@"; else exec sudo -n -u "$user" -- env "ROTA_PATH=$ROTA_PATH" "ROTA_HOST=$ROTA_HOST" "ROTA_VERSION=$ROTA_VERSION" "$@"; fi; }
user=$4
`;

/** Runs something of the site on a host, in the folder of the code that is served. */
export function onHost(p: OnHostOptions): TargetProgram {
  const { name, deadlineMs, mutates } = p;
  const args = [p.path, p.host, p.version, p.user ?? '-'];
  if (typeof p.command === 'string') {
    return {
      name,
      args: [...args, p.command],
      deadlineMs,
      mutates,
      script: `${variables}as sh -c "$5" rota\n`,
    };
  }
  const inputs: readonly ProgramInput[] = [{ name: 'program', bytes: p.command }];
  return {
    name,
    args,
    inputs,
    deadlineMs,
    mutates,
    // Another user sees nothing of the session's folder: he gets a copy beside it, which goes with the program.
    script: `${variables}D=$(mktemp -d "\${TMPDIR:-/tmp}/rota-check.XXXXXXXX")
trap 'rm -rf "$D"' EXIT
chmod 0755 "$D"; cat "$IN/program" >"$D/program"; chmod 0755 "$D/program"
(as "$D/program")
`,
  };
}

export function hostCheck(
  check: Pick<DeployCheck, 'name' | 'timeoutMs' | 'user'>,
  p: Pick<OnHostOptions, 'path' | 'host' | 'version' | 'command'>,
): TargetProgram {
  return onHost({
    ...p,
    name: `check ${check.name}`,
    deadlineMs: check.timeoutMs,
    user: check.user,
    mutates: false,
  });
}
