/** What the store remembers of an environment beside its runs. */
import type { DeployParameters } from './parameters.ts';

/** What an environment serves, as the last finished deployment left it. */
export interface LiveRecord {
  readonly version: string;
  readonly commit: string;
  readonly run: string;
  readonly at: string;
  /** The version that was served before. */
  readonly previous: string | null;
  /** A rollback made it live: what was served before is what it led away from, and nobody goes to that unasked. */
  readonly byRollback?: true;
  /** Hosts that do not serve it, and why. */
  readonly owing: Readonly<Record<string, string>>;
}

export interface LockRecord {
  readonly by: string;
  readonly reason: string;
  readonly at: string;
}

/** Identifies this run store to targets. */
export const storeIdKey = 'deploy-store';

export function liveKey(environment: string): string {
  return `deploy/${environment}/live`;
}

export function lockKey(environment: string): string {
  return `deploy/${environment}/lock`;
}

/** Commits by the names of versions that hosts have and the repository here may lack: after an adoption. */
export type KnownVersions = Readonly<Record<string, string>>;

export function knownVersionsKey(environment: string): string {
  return `deploy/${environment}/versions`;
}

/** What was under way where an environment was adopted; of interest until something else is deployed. */
export interface UnderWayRecord {
  /** The run of the adoption. */
  readonly adoptedBy: string;
  /** The deployment, a run of the other store's. */
  readonly run: string;
  readonly version: string;
  readonly parameters: DeployParameters;
  /** The version that was live when it began. */
  readonly live: string | null;
}

export function underWayKey(environment: string): string {
  return `deploy/${environment}/under-way`;
}

/** Names that hosts were given when they were first deployed to, by host: another name is another host. */
export type KnownInstances = Readonly<Record<string, string>>;

export function instancesKey(environment: string): string {
  return `deploy/${environment}/instances`;
}
