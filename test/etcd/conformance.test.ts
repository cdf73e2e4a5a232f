import { after, before, describe } from 'node:test';
import { openEtcdStore } from '../../src/control/store/etcd/open-etcd-store.ts';
import { runStoreConformance } from '../../src/control/store/testing/run-store-conformance.ts';
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

  runStoreConformance('etcd', async () => {
    const prefix = `/farm${farms++}/`;
    const clock = new LeaseClock();
    return {
      clock,
      open: () => openEtcdStore({ endpoints: etcd.endpoints, prefix, clock, leases: clock.over }),
      close: async () => {
        await etcd.ctl('del', '--prefix', prefix);
      },
    };
  });
});
