import type { EnvironmentConfig, HostGroup, TargetHost } from '../../../../config/environment-config.ts';
import type { Clock } from '../../../../core/clock.ts';
import type { Log } from '../../../../core/log.ts';
import type { Fleet } from '../../fleet/fleet.ts';
import type { PoolKeeper } from '../../pools/pool-keeper.ts';
import type { DeployContext } from '../../stages/deploy-stage.ts';
import type { TargetProgram } from '../../target/target-program.ts';
import type { FencedSite } from '../../target/target-site.ts';

/** All that the program of a step may depend on: one host, and what it is to serve. */
export interface StepTarget extends FencedSite {
  readonly host: TargetHost;
  /** The name of the folder with the version and what lies beside it. */
  readonly slot: string;
  readonly version: string;
  readonly run: string;
}

/** One host that is being switched. */
export interface HostContext extends StepTarget {
  readonly fleet: Fleet;
  readonly clock: Clock;
  readonly log: Log;
  readonly signal: AbortSignal;
  /** The deployment. */
  readonly deploy: DeployContext;
  /** Null when a failed deployment is taken back. */
  readonly group: HostGroup | null;
  /** Whether it is the first of its batch. */
  readonly isFirst: boolean;
}

/** Hosts that leave their pools, or come back, together: what a pool can bear is a matter of all of them. */
export interface WaveContext {
  readonly hosts: readonly TargetHost[];
  /** Null where the environment has no pools. */
  readonly keeper: PoolKeeper | null;
  readonly deploy: DeployContext;
  targetOf(host: TargetHost): StepTarget;
  /** Works on all hosts at once; one that fails takes no further part, or (on the way back) is only told. */
  each(work: (host: TargetHost) => Promise<void>): Promise<void>;
}

/**
 * A step of switching hosts. A subclass says what a host does in `local`, which is pure: plans name it, tests assert it. `run`
 * does it and `undo` is the step's part on the way back; both may be done twice.
 */
abstract class RolloutStep {
  protected readonly environment: EnvironmentConfig;

  constructor(environment: EnvironmentConfig) {
    this.environment = environment;
  }

  /** For a plan: what it would do to hosts of a group, a few words each; none: nothing. */
  plan({
    targets,
  }: {
    readonly group: HostGroup;
    readonly targets: readonly StepTarget[];
  }): readonly string[] {
    return [...new Set(targets.flatMap((target) => this.local(target)?.name ?? []))];
  }

  /** What the host does; null: nothing. */
  local(_target: StepTarget): TargetProgram | null {
    return null;
  }
}

/** A step that each host comes to by itself, however far others are. */
export abstract class HostStep extends RolloutStep {
  /** @throws RotaError as failures.ts says, which is the host's failure */
  async run(context: HostContext): Promise<void> {
    const program = this.local(context);
    if (program !== null) await context.fleet.run(context.host, program, context.signal);
  }

  /**
   * On the way back, with the slot and version that the host served before. Steps come in the same order: a host is restarted
   * after its link was switched, whichever way.
   */
  async undo(context: HostContext): Promise<void> {
    await this.run(context);
  }
}

/** A step that hosts of a wave come to together. */
export abstract class WaveStep extends RolloutStep {
  async run(wave: WaveContext): Promise<void> {
    const { fleet, stage } = wave.deploy;
    const programs = new Map(wave.hosts.map((host) => [host, this.local(wave.targetOf(host))]));
    if ([...programs.values()].every((program) => program === null)) return;
    await wave.each(async (host) => {
      const program = programs.get(host) ?? null;
      if (program !== null) await fleet.run(host, program, stage.signal);
    });
  }

  async undo(wave: WaveContext): Promise<void> {
    await this.run(wave);
  }
}
