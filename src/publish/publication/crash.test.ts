import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bench, picture, quickFileSystem, tablesSet } from '../testing/publishing-bench.ts';
import { temporaryFolder } from '../testing/temporary-folder.ts';
import { latestKey } from './pointers.ts';
import type { PublishingFileSystem } from './publishing-file-system.ts';
import { Reconciler } from './reconcile.ts';

const names = ['page.sql.gz', 'user.sql.gz'];

test('a crash at any step heals by repeating, and by the monitor', async () => {
  const operations = [
    'makeFolder',
    'chmod',
    'link',
    'unlink',
    'symlink',
    'rename',
    'readlink',
    'writeFileAtomic',
    'syncFolder',
    'remove',
  ] as const;
  const outcomeOf = async (healing: 'repeat' | 'monitor', failAt: number) => {
    await using folder = await temporaryFolder();
    const { trees, store, publisher } = await bench(folder.path);
    await publisher(quickFileSystem).publish(await tablesSet(trees, '20260101', [...names, 'old.sql.gz']));
    const set = await tablesSet(trees, '20260201', names);
    let step = 0;
    const failing = { ...quickFileSystem } as Record<string, unknown>;
    for (const name of operations) {
      const original = quickFileSystem[name] as (...args: readonly unknown[]) => Promise<unknown>;
      failing[name] = async (...args: readonly unknown[]) => {
        step += 1;
        // A crash ends the program: neither this step nor any after it happens.
        if (step >= failAt) throw new Error('the machine stopped');
        return await original(...args);
      };
    }
    const crashed = await publisher(failing as unknown as PublishingFileSystem)
      .publish(set)
      .then(
        () => false,
        () => true,
      );
    if (healing === 'repeat' || !store.pointers.has(latestKey(set)))
      await publisher(quickFileSystem).publish(set);
    else {
      const latest = await publisher(quickFileSystem).readLatest(set);
      // The monitor makes the files follow; latest is the run's to move, unless it already had.
      if (latest?.date !== '20260201') await publisher(quickFileSystem).publish(set);
      const subject = { job: 'full-dump', wiki: 'aawiki', dates: ['20260101', '20260201'], sets: ['tables'] };
      const report = await new Reconciler(publisher(quickFileSystem), store).reconcile([subject]);
      assert.deepEqual(report.failed, []);
    }
    const end = { public: await picture(trees.public.root), private: await picture(trees.private.root) };
    const leftovers = Object.keys({ ...end.public, ...end.private }).filter((name) => name.includes('.new-'));
    return { crashed, end, leftovers };
  };
  const whole = await outcomeOf('repeat', Number.POSITIVE_INFINITY);
  assert.equal(whole.crashed, false);
  assert.equal('aawiki/latest/aawiki-latest-old.sql.gz' in whole.end.public, false);
  let steps = 0;
  for (let failAt = 1; ; failAt += 1) {
    const outcomes = await Promise.all([outcomeOf('repeat', failAt), outcomeOf('monitor', failAt)]);
    if (!outcomes.some((outcome) => outcome.crashed)) break;
    steps = failAt;
    for (const { end, leftovers } of outcomes) {
      const tidy = (tree: Readonly<Record<string, string>>) =>
        Object.fromEntries(Object.entries(tree).filter(([name]) => !leftovers.includes(name)));
      assert.deepEqual(tidy(end.public), whole.end.public, `step ${failAt}`);
      assert.deepEqual(tidy(end.private), whole.end.private, `step ${failAt}`);
    }
  }
  assert.ok(steps > 20, `${steps} steps were tried`);
});
