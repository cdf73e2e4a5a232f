import type { DeployCheck } from '../../../../config/environment-checks-config.ts';
import { hostCheck } from '../../target/programs/on-host.ts';
import type { TargetProgram } from '../../target/target-program.ts';
import { runHostChecks } from '../host-checks.ts';
import { type HostContext, HostStep, type StepTarget } from './rollout-step.ts';

/** Asks the checks of a group about a host after its switch; those of logs and metrics are asked of a batch. */
export class Check extends HostStep {
  override plan({ group }: Parameters<HostStep['plan']>[0]): readonly string[] {
    return this.environment.checks
      .filter(({ groups }) => groups === null || groups.includes(group.name))
      .map(({ name }) => name);
  }

  /** The program of one check that is asked on the host. */
  override local(
    target: StepTarget,
    asked?: { readonly check: DeployCheck; readonly command: string | Uint8Array },
  ): TargetProgram | null {
    if (asked === undefined) return null;
    const { path, host, version } = target;
    return hostCheck(asked.check, { path, host: host.name, version, command: asked.command });
  }

  /** @throws RotaError CHECK_FAILED, or what ended the session */
  override async run(context: HostContext): Promise<void> {
    const { deploy, host, group, isFirst, version } = context;
    if (group === null) return;
    await runHostChecks(deploy, host, {
      group,
      version,
      isFirst,
      programOf: (check, command) => this.local(context, { check, command }),
    });
  }

  /** What failed on the way back is not helped by going forth again: nothing is asked. */
  override async undo(_context: HostContext): Promise<void> {}
}
