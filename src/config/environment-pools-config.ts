import type { EtcdAccess } from './etcd-access.ts';

/** The etcd that holds pools. */
export interface PoolAccess extends EtcdAccess {
  readonly endpoints: readonly string[];
  readonly api: 'v2' | 'v3';
  /** Stands before `<dc>/<cluster>/<service>/<host>`. */
  readonly prefix: string;
}

/** The load balancers' pools that hosts of an environment are in. */
export interface PoolSettings extends PoolAccess {
  readonly services: readonly PoolService[];
  /** How long a wave waits for etcd, for the floor, and for load balancers to agree. */
  readonly waitMs: number;
  /** How long a host that gets no new requests may work on those that it has. */
  readonly graceMs: number;
}

export interface PoolName {
  readonly dc: string;
  readonly cluster: string;
  readonly service: string;
}

/** A service that hosts offer: they leave all of theirs, or none. */
export interface PoolService extends PoolName {
  /** The share of pooled hosts that stay in at any time. */
  readonly floor: number;
  /** Load balancers whose state page must agree, and what they call the pool. */
  readonly pybal: readonly { readonly url: string; readonly pool: string }[];
}
