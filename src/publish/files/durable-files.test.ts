import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { chmod, mkdir, open, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { ManualClock } from '../../core/manual-clock.ts';
import { temporaryFolder } from '../testing/temporary-folder.ts';
import { appendVerified, awaitCommitted, copyVerified, digestFile } from './copy-verified.ts';
import { makeFolder, writeFileAtomic } from './durable.ts';
import { writeFailure, writing } from './file-failure.ts';
import { HashingFileWriter } from './hashing-file-writer.ts';

const hex = (algorithm: string, text: string) => createHash(algorithm).update(text).digest('hex');

test('an atomic write replaces the whole file and leaves nothing else behind', async () => {
  await using folder = await temporaryFolder();
  const path = join(folder.path, 'status.html');
  await writeFileAtomic(path, 'one');
  await writeFileAtomic(path, 'two');
  assert.equal(await readFile(path, 'utf8'), 'two');
  assert.deepEqual(await readdir(folder.path), ['status.html']);
  assert.equal((await stat(path)).mode & 0o777, 0o644, 'whatever the umask');
});

test('an atomic write that fails leaves the old file and no temporary one', async () => {
  await using folder = await temporaryFolder();
  const path = join(folder.path, 'busy');
  await mkdir(join(path, 'inside'), { recursive: true });
  await assert.rejects(writeFileAtomic(path, 'x'), { code: 'FILE_UNWRITABLE' });
  assert.deepEqual(await readdir(folder.path), ['busy']);
});

test('folders get their mode whatever the umask', async () => {
  await using folder = await temporaryFolder();
  await makeFolder(join(folder.path, 'a/b'), 0o755);
  assert.equal((await stat(join(folder.path, 'a'))).mode & 0o777, 0o755);
  assert.equal((await stat(join(folder.path, 'a/b'))).mode & 0o777, 0o755);
  await chmod(join(folder.path, 'a'), 0o711);
  await makeFolder(join(folder.path, 'a/c'), 0o755);
  assert.equal((await stat(join(folder.path, 'a'))).mode & 0o777, 0o711, 'one that exists keeps its mode');
});

test('the writer knows all checksums when it closes', async () => {
  await using folder = await temporaryFolder();
  const path = join(folder.path, 'file');
  await using writer = await HashingFileWriter.create(path);
  await writer.write(Buffer.from('hello '));
  await writer.write(Buffer.from('world'));
  const digest = await writer.close();
  const text = 'hello world';
  assert.deepEqual(digest, {
    sizeBytes: 11,
    md5: hex('md5', text),
    sha1: hex('sha1', text),
    sha256: hex('sha256', text),
  });
  assert.deepEqual(await digestFile(path), digest);
});

test('a writer that is left without closing removes its file, and one never overwrites', async () => {
  await using folder = await temporaryFolder();
  const path = join(folder.path, 'file');
  {
    await using writer = await HashingFileWriter.create(path);
    await writer.write(Buffer.from('half'));
  }
  assert.deepEqual(await readdir(folder.path), []);
  await writeFile(path, 'there');
  await assert.rejects(HashingFileWriter.create(path), { code: 'FILE_UNWRITABLE' });
  assert.equal(await readFile(path, 'utf8'), 'there');
});

test('a copy is checked on the way, and a wrong one is not left behind', async () => {
  await using folder = await temporaryFolder();
  const path = join(folder.path, 'piece');
  await writeFile(path, 'content');
  const good = { path, sizeBytes: 7, sha256: hex('sha256', 'content') };
  const target = join(folder.path, 'copy');
  assert.equal((await copyVerified(good, target)).md5, hex('md5', 'content'));
  const wrong = { ...good, sha256: hex('sha256', 'Content') };
  await assert.rejects(copyVerified(wrong, join(folder.path, 'bad')), { code: 'CHECKSUM_MISMATCH' });
  assert.deepEqual((await readdir(folder.path)).toSorted(), ['copy', 'piece']);
});

test('pieces are joined through one writer', async () => {
  await using folder = await temporaryFolder();
  await using writer = await HashingFileWriter.create(join(folder.path, 'whole'));
  for (const text of ['ab', 'cd']) {
    const path = join(folder.path, text);
    await writeFile(path, text);
    await appendVerified(writer, { path, sizeBytes: 2, sha256: hex('sha256', text) });
  }
  assert.equal((await writer.close()).sha256, hex('sha256', 'abcd'));
});

test('a committed file of another host is waited for, but not for ever', async () => {
  await using folder = await temporaryFolder();
  const path = join(folder.path, 'late');
  const file = { path, sizeBytes: 4, sha256: hex('sha256', 'late') };
  await assert.rejects(awaitCommitted(file), /late is missing, but 4 bytes were committed/);
  const clock = new ManualClock();
  const patient = {
    ...clock,
    now: () => clock.now(),
    monotonicMs: () => clock.monotonicMs(),
    sleep: async (ms: number) => {
      if (clock.monotonicMs() > 4_000) await writeFile(path, 'late');
      await clock.advance(ms);
    },
  };
  await awaitCommitted(file, { patience: { clock: patient, withinMs: 60_000 } });
  await assert.rejects(
    awaitCommitted({ ...file, sizeBytes: 5 }, { patience: { clock: patient, withinMs: 60_000 } }),
    /late is 4 bytes long, but 5 bytes were committed/,
  );
});

test('a full disk and a used-up quota are told from other failures, with path and remedy', async () => {
  const failed = (code: string) => Object.assign(new Error(`${code}: it failed`), { code });
  const full = writeFailure(failed('ENOSPC'), 'write', '/x/y');
  assert.equal(full.code, 'DISK_FULL');
  assert.match(full.message, /Cannot write \/x\/y: the disk is full; make room/);
  assert.equal(full.retryable, true);
  assert.match(writeFailure(failed('EDQUOT'), 'write', '/x').message, /quota/);
  assert.equal(writeFailure(failed('EACCES'), 'write', '/x').code, 'FILE_UNWRITABLE');
});

test('the real failure of a full device is recognised', async (t) => {
  const device = await open('/dev/full', 'w').catch(() => null);
  if (device === null) {
    t.skip('this system has no /dev/full');
    return;
  }
  try {
    await assert.rejects(
      writing('write', '/dev/full', () => device.writeFile('x')),
      { code: 'DISK_FULL' },
    );
  } finally {
    await device.close();
  }
});
