import { holdLease } from '../../../control/hold-lease.ts';
import type { RunStore } from '../../../control/store/run-store.ts';
import { RotaError } from '../../../core/errors/rota-error.ts';
import type { LinkLease, PublicationStore } from '../../../publish/publication/publication-store.ts';
import { Publisher } from '../../../publish/publication/publisher.ts';
import type { Sweep } from '../../definition/job-monitoring.ts';

/** The store's pointers for one that makes files follow them and never moves one. */
export function followedPointers(store: RunStore): PublicationStore {
  return {
    async readPointer(key) {
      const value = await store.readPointer({ key });
      return typeof value === 'string' ? { value, version: value } : null;
    },
    commitPointer: (key) =>
      Promise.reject(
        new RotaError('INTERNAL', `The monitor wanted to publish ${key}, which only a run may.`),
      ),
  };
}

export function linkLease(sweep: Sweep): LinkLease {
  return { hold: (name, work) => holdLease(sweep, name, work) };
}

export function followingPublisher(sweep: Sweep): Publisher {
  const { config, trees, store, clock } = sweep;
  return new Publisher({
    trees,
    store: followedPointers(store),
    lease: linkLease(sweep),
    clock,
    ...(config.web.rootUrl === null ? {} : { webRoot: config.web.rootUrl }),
  });
}
