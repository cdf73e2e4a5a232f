import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { FanOut, type FanOutHost } from './fan-out.ts';

const hostsOf = (count: number): readonly FanOutHost[] =>
  Array.from({ length: count }, (_, i) => ({ name: `h${i}`, rack: `r${i % 3}` }));

test('every host gets it once, this machine sends as often as the tree is wide, nobody serves more at once', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 60 }),
      fc.integer({ min: 1, max: 5 }),
      fc.infiniteStream(fc.nat({ max: 3 })),
      async (count, width, delays) => {
        const has = new Set<string>();
        const serving = new Map<string, number>();
        let sent = 0;
        const pass = async () => {
          for (let n = delays.next().value ?? 0; n > 0; n--) await Promise.resolve();
        };
        const tree = new FanOut(width, {
          send: async (host) => {
            sent++;
            await pass();
            assert.ok(!has.has(host.name));
            has.add(host.name);
          },
          offer: pass,
          fetch: async (child, parent) => {
            assert.ok(has.has(parent.name) && !has.has(child.name));
            const now = (serving.get(parent.name) ?? 0) + 1;
            assert.ok(now <= width);
            serving.set(parent.name, now);
            await pass();
            serving.set(parent.name, (serving.get(parent.name) ?? 0) - 1);
            has.add(child.name);
            return true;
          },
        });
        await Promise.all(hostsOf(count).map((host) => tree.bring(host)));
        assert.equal(has.size, count);
        assert.equal(sent, Math.min(count, width));
        assert.equal(tree.isUnfinished, false);
      },
    ),
    { numRuns: 60 },
  );
});

test('hosts that do not serve, or cannot, are routed around, and only a failed host fails', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.constantFrom('well', 'silent', 'gone', 'broken'), { minLength: 1, maxLength: 30 }),
      fc.integer({ min: 1, max: 4 }),
      async (kinds, width) => {
        const kindOf = ({ name }: FanOutHost) => kinds[Number(name.slice(1))];
        const tree = new FanOut(width, {
          send: async (host) => {
            if (kindOf(host) === 'broken') throw new Error(host.name);
          },
          offer: async (parent) => {
            if (kindOf(parent) === 'gone') throw new Error('gone');
          },
          fetch: async (child, parent) => {
            if (kindOf(child) === 'broken') throw new Error(child.name);
            return kindOf(parent) === 'well';
          },
        });
        const hosts = hostsOf(kinds.length);
        const ends = await Promise.allSettled(hosts.map((host) => tree.bring(host)));
        assert.deepEqual(
          ends.map(({ status }) => status === 'rejected'),
          hosts.map((host) => kindOf(host) === 'broken'),
        );
        assert.equal(tree.isUnfinished, false);
      },
    ),
    { numRuns: 60 },
  );
});

test('each rack is sent to first, and hosts ask their own rack', async () => {
  const hosts = hostsOf(9);
  const rackOf = new Map(hosts.map(({ name, rack }) => [name, rack]));
  const sent: (string | undefined)[] = [];
  let across = 0;
  const tree = new FanOut(3, {
    send: async ({ rack }) => void sent.push(rack),
    offer: async () => {},
    fetch: async (child, parent) => {
      if (rackOf.get(child.name) !== rackOf.get(parent.name)) across++;
      return true;
    },
  });
  await Promise.all([...hosts].reverse().map((host) => tree.bring(host)));
  assert.deepEqual(sent.toSorted(), ['r0', 'r1', 'r2']);
  assert.ok(across <= 4, `${across} hosts were served from another rack`);
});
