import type { LinkLease, PublicationStore } from '../../../publish/publication/publication-store.ts';
import { Publisher } from '../../../publish/publication/publisher.ts';
import type { FullDumpContext } from '../run-folder.ts';

/** A publisher whose pointers are guarded by the run's token. */
export function publisherOf(context: FullDumpContext): Publisher {
  const { farm, trees } = context.services;
  return new Publisher({
    trees,
    store: pointersOf(context),
    lease: linkLeaseOf(context),
    clock: context.clock,
    ...(farm.web.rootUrl === null ? {} : { webRoot: farm.web.rootUrl }),
  });
}

function pointersOf(context: FullDumpContext): PublicationStore {
  return {
    async readPointer(key) {
      const value = await context.readPointer(key);
      // A pointer is compared for equality only, so its value is as good a version as a number.
      return typeof value === 'string' ? { value, version: value } : null;
    },
    commitPointer: (key, value) => context.commitPointer(key, value),
  };
}

function linkLeaseOf(context: FullDumpContext): LinkLease {
  return { hold: (name, work) => context.withLease(name, work) };
}
