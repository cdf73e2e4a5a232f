// The same blows as control-chaos.test.ts on three members of etcd, which fall too.
import { test } from 'node:test';
import { chaosBlows, chaosSeed, chaosSeries } from '../control/chaos-series.ts';
import { useEtcd } from '../control/store-of.ts';
import { startEtcd } from '../support/etcd.ts';
import { requires } from '../support/requirements.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

test('etcd under random blows, its members too: every run ends, once, with all its pieces', {
  skip: requires('etcd'),
  timeout: 240_000 + chaosBlows * 15_000,
}, async (t) => {
  await using folder = await temporaryFolder('chaos');
  await using etcd = await startEtcd({ members: 3 });
  await useEtcd(folder.path, { endpoints: etcd.endpoints, prefix: '/chaos/' });
  await chaosSeries(t, {
    folder: folder.path,
    leaseMs: 2_000,
    blows: chaosBlows,
    seed: chaosSeed,
    disturb: async (random) => {
      const leader = etcd.members[await etcd.leader()];
      if (random() < 0.5) {
        t.diagnostic('the leader is killed');
        await leader?.kill();
        await leader?.start();
      } else {
        t.diagnostic('two of three members are lost');
        const lost = etcd.members.filter((member) => member !== leader);
        await Promise.all(lost.map((member) => member.kill()));
        await new Promise((resolve) => setTimeout(resolve, 500 + random() * 4_000));
        await Promise.all(lost.map((member) => member.start()));
      }
      await etcd.ready();
    },
  });
});
