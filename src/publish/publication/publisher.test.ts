import assert from 'node:assert/strict';
import { mkdir, readFile, stat, unlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { bench, picture, tablesSet, workFile } from '../testing/publishing-bench.ts';
import { temporaryFolder } from '../testing/temporary-folder.ts';
import { publicationKey } from './pointers.ts';
import { nodeFileSystem, type PublishingFileSystem } from './publishing-file-system.ts';
import { Reconciler } from './reconcile.ts';

const names = ['page.sql.gz', 'redirect.sql.gz', 'user.sql.gz'];

test('a set enters its trees, and latest names it', async () => {
  await using folder = await temporaryFolder();
  const { trees, store, publisher } = await bench(folder.path);
  await publisher().publish(await tablesSet(trees, '20260101', names));
  const seen = await picture(trees.public.root);
  assert.equal(seen['aawiki/20260101/aawiki-20260101-page.sql.gz'], 'page.sql.gz of 20260101');
  assert.equal(seen['aawiki/latest/aawiki-latest-page.sql.gz'], '-> ../20260101/aawiki-20260101-page.sql.gz');
  assert.match(
    seen['aawiki/latest/aawiki-latest-page.sql.gz-rss.xml'] ?? '',
    /https:\/\/dumps\.example\/d\/aawiki\/20260101/,
  );
  assert.match(
    seen['aawiki/latest/aawiki-latest-sha256sums.txt'] ?? '',
    /^[0-9a-f]{64} {2}aawiki-20260101-page\.sql\.gz$/m,
  );
  assert.equal(
    JSON.stringify(seen).includes('user.sql'),
    false,
    'what is private is named nowhere in public',
  );
  assert.equal(
    (await picture(trees.private.root))['aawiki/20260101/aawiki-20260101-user.sql.gz'],
    'user.sql.gz of 20260101',
  );
  assert.equal(
    (await stat(join(trees.private.root, 'aawiki/20260101/aawiki-20260101-user.sql.gz'))).mode & 0o777,
    0o640,
  );
  assert.deepEqual(await picture(trees.public.workRoot), {}, 'moved, not copied');
  assert.deepEqual(store.held, ['publish/full-dump/aawiki']);
});

test('a published file is never replaced', async () => {
  await using folder = await temporaryFolder();
  const { trees, publisher } = await bench(folder.path);
  const path = join(trees.public.root, 'aawiki/20260101/aawiki-20260101-page.sql.gz');
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, 'page.sql.gz of 2026X101');
  const set = await tablesSet(trees, '20260101', names);
  await assert.rejects(publisher().publish(set), { code: 'PUBLISHED_FILE_DIFFERS' });
  assert.equal(await readFile(path, 'utf8'), 'page.sql.gz of 2026X101');
  await writeFile(path, 'page.sql.gz of 20260101');
  await publisher().publish(set);
  assert.equal(
    (await picture(trees.public.root))['aawiki/20260101/aawiki-20260101-redirect.sql.gz'],
    'redirect.sql.gz of 20260101',
  );
});

test('where hard links are missing the file is renamed, and still never replaced', async () => {
  await using folder = await temporaryFolder();
  const { trees, publisher } = await bench(folder.path);
  const noLinks: PublishingFileSystem = {
    ...nodeFileSystem,
    link: () => Promise.reject(Object.assign(new Error('EPERM'), { code: 'EPERM' })),
  };
  const set = await tablesSet(trees, '20260101', names);
  await publisher(noLinks).publish(set);
  await publisher(noLinks).publish(set);
  assert.deepEqual(await picture(trees.public.workRoot), {});
  const path = trees.public.file('aawiki', '20260201', 'aawiki-20260201-page.sql.gz');
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, 'other');
  await assert.rejects(publisher(noLinks).publish(await tablesSet(trees, '20260201', names)), {
    code: 'PUBLISHED_FILE_DIFFERS',
  });
  assert.equal(await readFile(path, 'utf8'), 'other');
});

test('ENOENT after a retransmitted request is success when the file is there, and an error when it is not', async () => {
  await using folder = await temporaryFolder();
  const { trees, publisher } = await bench(folder.path);
  const twice: PublishingFileSystem = {
    ...nodeFileSystem,
    link: async (from, to) => {
      await nodeFileSystem.link(from, to);
      await nodeFileSystem.unlink(from);
      throw Object.assign(new Error('ENOENT'), { code: 'ENOENT' });
    },
    rename: async (from, to) => {
      await nodeFileSystem.rename(from, to);
      throw Object.assign(new Error('ENOENT'), { code: 'ENOENT' });
    },
  };
  const set = await tablesSet(trees, '20260101', names);
  await publisher(twice).publish(set);
  const seen = await picture(trees.public.root);
  assert.equal(seen['aawiki/latest/aawiki-latest-page.sql.gz'], '-> ../20260101/aawiki-20260101-page.sql.gz');
  await unlink(trees.public.file('aawiki', '20260101', 'aawiki-20260101-page.sql.gz'));
  await assert.rejects(publisher().publish(set), { code: 'PUBLICATION_INCOMPLETE' });
});

test('latest moves only forward in date', async () => {
  await using folder = await temporaryFolder();
  const { trees, publisher } = await bench(folder.path);
  await publisher().publish(await tablesSet(trees, '20260201', names));
  await publisher().publish(await tablesSet(trees, '20260101', [...names, 'old.sql.gz']));
  const seen = await picture(trees.public.root);
  assert.equal(seen['aawiki/latest/aawiki-latest-page.sql.gz'], '-> ../20260201/aawiki-20260201-page.sql.gz');
  assert.equal('aawiki/latest/aawiki-latest-old.sql.gz' in seen, false);
  assert.equal(seen['aawiki/20260101/aawiki-20260101-old.sql.gz'], 'old.sql.gz of 20260101');
});

test('a newer date that was taken back does not keep an older one from latest', async () => {
  await using folder = await temporaryFolder();
  const { trees, store, publisher } = await bench(folder.path);
  const newer = await tablesSet(trees, '20260201', names);
  await publisher().publish(newer);
  store.pointers.delete(publicationKey(newer));
  await publisher().publish(await tablesSet(trees, '20260101', names));
  const seen = await picture(trees.public.root);
  assert.equal(seen['aawiki/latest/aawiki-latest-page.sql.gz'], '-> ../20260101/aawiki-20260101-page.sql.gz');
  assert.doesNotMatch(seen['aawiki/latest/aawiki-latest-sha256sums.txt'] ?? '', /20260201/);
});

test('links are switched again when the pointer moved meanwhile', async () => {
  await using folder = await temporaryFolder();
  const { trees, store, publisher } = await bench(folder.path);
  await publisher().publish(await tablesSet(trees, '20260101', names));
  const second = await tablesSet(trees, '20260201', names);
  let moved = false;
  const slow: PublishingFileSystem = {
    ...nodeFileSystem,
    readlink: async (path) => {
      if (!moved) {
        moved = true;
        await publisher().publish(second);
      }
      return await nodeFileSystem.readlink(path);
    },
  };
  await publisher(slow).followLatest({ job: 'full-dump', wiki: 'aawiki', set: 'tables' });
  const seen = await picture(trees.public.root);
  assert.equal(seen['aawiki/latest/aawiki-latest-page.sql.gz'], '-> ../20260201/aawiki-20260201-page.sql.gz');
  assert.ok(store.pointers.has(publicationKey(second)));
});

test('a worker that lost its lease changes nothing', async () => {
  await using folder = await temporaryFolder();
  const { trees, store, publisher } = await bench(folder.path);
  store.beforeCommit = () => {
    throw new Error('LEASE_LOST');
  };
  await assert.rejects(publisher().publish(await tablesSet(trees, '20260101', names)), /LEASE_LOST/);
  assert.deepEqual(await picture(trees.public.root), {});
  assert.deepEqual(await picture(trees.private.root), {});
});

test('a private wiki never enters the public tree, and other contents never the same date', async () => {
  await using folder = await temporaryFolder();
  const { trees, store, publisher } = await bench(folder.path);
  const set = await tablesSet(trees, '20260101', names);
  await assert.rejects(publisher().publish({ ...set, privateWiki: true }), { code: 'PRIVATE_IN_PUBLIC' });
  assert.equal(store.pointers.size, 0);
  await publisher().publish(set);
  const other = await workFile(trees, 'aawiki-20260101-page.sql.gz', 'something else');
  await assert.rejects(publisher().publish({ ...set, files: [other] }), { code: 'PUBLICATION_CONFLICT' });
  const foreign = await workFile(trees, 'bbwiki-20260101-page.sql.gz', 'x');
  await assert.rejects(publisher().publish({ ...set, files: [foreign] }), { code: 'UNSAFE_FILE_NAME' });
});

test('the same set from the workspace of a later epoch is the same publication', async () => {
  await using folder = await temporaryFolder();
  const { trees, publisher } = await bench(folder.path);
  const first = await publisher().publish(await tablesSet(trees, '20260101', names));
  const again = await publisher().publish(await tablesSet(trees, '20260101', names));
  assert.equal(again.publishedAt, first.publishedAt);
  assert.deepEqual(await picture(trees.public.workRoot), {});
});

test('the monitor skips what it saw followed, and one failure stops nothing else', async () => {
  await using folder = await temporaryFolder();
  const { trees, store, publisher } = await bench(folder.path);
  await publisher().publish(await tablesSet(trees, '20260101', names));
  const subject = { job: 'full-dump', wiki: 'aawiki', dates: ['20260101'], sets: ['tables'] };
  const reconciler = new Reconciler(publisher(), store);
  assert.equal((await reconciler.reconcile([subject])).followed.length, 2);
  assert.deepEqual(await reconciler.reconcile([subject]), { followed: [], failed: [] });
  await store.commitPointer('publication/full-dump/bbwiki/20260101/tables', 'not ours');
  const report = await reconciler.reconcile([{ ...subject, wiki: 'bbwiki' }, subject]);
  assert.deepEqual(
    report.failed.map((f) => f.key),
    ['publication/full-dump/bbwiki/20260101/tables'],
  );
});

test('a pointer that retention takes away during a pass is no failure', async () => {
  await using folder = await temporaryFolder();
  const { trees, store, publisher } = await bench(folder.path);
  const set = await tablesSet(trees, '20260101', names);
  await publisher().publish(set);
  const forgetting: PublishingFileSystem = {
    ...nodeFileSystem,
    makeFolder: async () => {
      store.pointers.clear();
      throw new Error('the folder went away');
    },
  };
  const subject = { job: 'full-dump', wiki: 'aawiki', dates: ['20260101'], sets: ['tables'] };
  const report = await new Reconciler(publisher(forgetting), store).reconcile([subject]);
  assert.deepEqual(report, { followed: [], failed: [] });
});

test('a private wiki is published, with its latest, where nothing public knows of it', async () => {
  await using folder = await temporaryFolder();
  const { trees, publisher } = await bench(folder.path);
  const file = await workFile(trees, 'aawiki-20260101-page.sql.gz', 'secret', 'private');
  const set = {
    job: 'full-dump',
    wiki: 'aawiki',
    date: '20260101',
    set: 'tables',
    privateWiki: true,
    files: [file],
  };
  await publisher().publish(set);
  const seen = await picture(trees.private.root);
  assert.equal(seen['aawiki/latest/aawiki-latest-page.sql.gz'], '-> ../20260101/aawiki-20260101-page.sql.gz');
  assert.equal(seen['aawiki/20260101/aawiki-20260101-page.sql.gz'], 'secret');
  assert.deepEqual(await picture(trees.public.root), {});
});

test('a file takes the place of a published one only where its pointer says what that held', async () => {
  await using folder = await temporaryFolder();
  const { trees, publisher } = await bench(folder.path);
  const set = await tablesSet(trees, '20260101', ['page.sql.gz']);
  const published = await publisher().publish(set);
  const path = join(trees.public.root, 'aawiki/20260101/aawiki-20260101-page.sql.gz');
  const before = published.files[0]?.digest.sha256 ?? '';
  const made = await workFile(trees, 'aawiki-20260101-page.sql.gz', 'page.sql.gz redacted');
  const following = (replaces: readonly string[]) =>
    publisher().followSet(set, { ...published, files: [{ ...made, replaces }] }, 'hash');
  await assert.rejects(following(['0'.repeat(64)]), { code: 'PUBLISHED_FILE_DIFFERS' });
  assert.equal(await readFile(path, 'utf8'), 'page.sql.gz of 20260101');
  assert.equal(await following([before]), 1);
  assert.equal(await readFile(path, 'utf8'), 'page.sql.gz redacted');
  assert.deepEqual(await picture(trees.public.workRoot), {}, 'moved, not copied');
  assert.equal(await following([before]), 0, 'a second time there is nothing to do');
});
