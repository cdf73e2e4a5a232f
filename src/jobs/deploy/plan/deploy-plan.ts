import { createHash } from 'node:crypto';

/** What a deployment would do to one host, and what it was found to have. */
export interface PlannedHost {
  readonly name: string;
  readonly group: string;
  /** What the host calls itself; null: it was never deployed to. */
  readonly instance: string | null;
  /** The commit that it serves, and that version's name where it is known. */
  readonly serves: { readonly commit: string; readonly version: string | null } | null;
  /** Whether what it serves is what was deployed; null: not looked at. */
  readonly intact: boolean | null;
  /** What must be sent: nothing, the difference from a version that it has, or everything. */
  readonly transfer: 'none' | 'difference' | 'whole';
  readonly transferBytes: number;
  /** Files of the version that differ from what it serves: what is written there. */
  readonly files: FileCounts;
  /** Names the files and secrets that lie beside the version, and tells nothing of them; null: there are none. */
  readonly content: string | null;
  /** Why it could not take part; null: it can. */
  readonly problem: { readonly code: string; readonly message: string } | null;
}

export interface FileCounts {
  readonly added: number;
  readonly modified: number;
  readonly deleted: number;
}

/** A stage of the deployment, or a step of switching hosts. */
export interface PlannedStep {
  readonly name: string;
  /** What it would do, a few words each; none: nothing, or nothing that its name does not say. */
  readonly does: readonly string[];
}

/** A group with its batches in the order in which they are switched. */
export interface PlannedGroup {
  readonly name: string;
  readonly batches: readonly (readonly string[])[];
  /** How its hosts are switched, in this order. */
  readonly steps: readonly PlannedStep[];
  readonly soakMs: number;
  readonly failureLimit: number;
  readonly onFailure: 'rollback' | 'stop';
}

/** All that a push would do. The same hosts, tree and settings give the same plan. */
export interface DeployPlan {
  readonly environment: string;
  readonly version: {
    readonly name: string;
    readonly tree: string;
    /** Whether the name is given to it only when the plan is carried out. */
    readonly isNew: boolean;
  };
  /** The version that the environment serves now. */
  readonly live: string | null;
  /** SHA-256 of the environment's settings. */
  readonly settings: string;
  /** Whether only some groups are switched. */
  readonly groupsOnly: boolean;
  /** In their order. */
  readonly stages: readonly PlannedStep[];
  readonly groups: readonly PlannedGroup[];
  /** Pools that hosts leave while they are switched, with the share that stays in each. */
  readonly pools: readonly { readonly name: string; readonly floor: number }[];
  readonly hosts: readonly PlannedHost[];
  readonly totalBytes: number;
}

/** A plan with what it is called and the commit that it deploys. */
export interface KeptPlan {
  readonly id: string;
  readonly digest: string;
  readonly commit: string;
  readonly madeAt: string;
  readonly by: string;
  readonly plan: DeployPlan;
}

const idPattern = /^plan-[0-9a-f]{12}$/;

export function isPlanId(text: string): boolean {
  return idPattern.test(text);
}

export function keepPlan(p: Omit<KeptPlan, 'id' | 'digest'>): KeptPlan {
  const digest = digestOf(p);
  return { id: `plan-${digest.slice(0, 12)}`, digest, ...p };
}

/** Of all that is kept: a plan that was touched is no longer the one that was looked at. */
export function digestOf({ commit, madeAt, by, plan }: Omit<KeptPlan, 'id' | 'digest'>): string {
  return createHash('sha256').update(JSON.stringify({ commit, madeAt, by, plan })).digest('hex');
}
