import { after, before, describe } from 'node:test';
import { openEtcdStore } from '../../src/control/store/etcd/open-etcd-store.ts';
import { runStoreConformance } from '../../src/control/store/testing/run-store-conformance.ts';
import type { StoreFactory } from '../../src/control/store/testing/store-fixture.ts';
import { presenceTests } from '../../src/operations/worker/testing/presence-tests.ts';
import { type RunningEtcd, startEtcd } from '../support/etcd.ts';
import { requires } from '../support/requirements.ts';
import { LeaseClock } from './hand-moved-leases.ts';

const skip = requires('etcd');

describe('on a real etcd', { skip }, () => {
  let etcd: RunningEtcd;
  let farms = 0;
  before(async () => {
    etcd = await startEtcd();
  });
  after(async () => {
    await etcd[Symbol.asyncDispose]();
  });

  const factory: StoreFactory = async () => {
    const prefix = `/farm${farms++}/`;
    const clock = new LeaseClock();
    return {
      clock,
      open: () => openEtcdStore({ endpoints: etcd.endpoints, prefix, clock, leases: clock.over }),
      close: async () => {
        await etcd.ctl('del', '--prefix', prefix);
      },
    };
  };
  runStoreConformance('etcd', factory);
  describe('workers of several hosts', () => presenceTests(factory));
});
