import type { Secret } from '../core/secret.ts';

/** How an etcd cluster is logged in to. */
export interface EtcdAccess {
  readonly user: { readonly name: string; readonly password: Secret } | null;
  /** PEM files. */
  readonly ca: string | null;
  readonly cert: string | null;
  readonly key: string | null;
}
