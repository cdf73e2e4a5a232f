import type { PoolName } from '../../../config/environment-pools-config.ts';

/** What a pool says of a host, in the schema of conftool. Other keys are kept as they are. */
export interface PoolValue {
  readonly pooled: 'yes' | 'no' | 'inactive';
  readonly weight?: number;
}

export interface PoolEntry {
  readonly key: string;
  /** The value as it stands there. */
  readonly text: string;
  readonly value: PoolValue;
  /** Changes with every write. */
  readonly revision: string;
}

/** Where pools are kept. Every failure is POOLS_UNAVAILABLE. */
export interface PoolStore extends AsyncDisposable {
  /** The entries of a service, by host. */
  list(service: PoolName): Promise<ReadonlyMap<string, PoolEntry>>;
  /** Writes a value if the entry is still at that revision. @returns the new revision, or null: somebody else wrote */
  swap(entry: Pick<PoolEntry, 'key' | 'revision'>, text: string): Promise<string | null>;
}

export function serviceKey(prefix: string, { dc, cluster, service }: PoolName): string {
  return `${prefix}/${dc}/${cluster}/${service}`;
}

export function serviceName({ dc, cluster, service }: PoolName): string {
  return `${dc}/${cluster}/${service}`;
}

/** Null for what is no value of a pool. */
export function parsePoolValue(text: string): PoolValue | null {
  try {
    const value = JSON.parse(text) as PoolValue | null;
    return value !== null && ['yes', 'no', 'inactive'].includes(value.pooled) ? value : null;
  } catch {
    return null;
  }
}

/**
 * The same value with another `pooled`. Written without spaces, in which it differs from what conftool writes: after a crash
 * it can be told from a change that a person made.
 */
export function withPooled(entry: Pick<PoolEntry, 'text'>, pooled: PoolValue['pooled']): string {
  return JSON.stringify({ ...(JSON.parse(entry.text) as object), pooled });
}
