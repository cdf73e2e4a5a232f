import type { StoreAddress } from './farm-config.ts';

/** The store as it is named to people. */
export function describeStore(store: StoreAddress): string {
  return store.kind === 'sqlite' ? store.file : `etcd at ${store.endpoints.join(', ')} under ${store.prefix}`;
}
