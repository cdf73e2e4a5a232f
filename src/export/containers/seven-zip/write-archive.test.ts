import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { findSevenZip, writeSevenZip } from './write-archive.ts';

let folder: string;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rota-7z-'));
});
after(async () => await rm(folder, { recursive: true, force: true }));

/** A script in the program's place; the last argument is the archive. */
async function fake(name: string, body: string) {
  const path = join(folder, name);
  await writeFile(path, `#!/bin/sh\nfor archive; do :; done\n${body}\n`);
  await chmod(path, 0o755);
  return { name, path };
}

function options(program: { name: string; path: string }, signal = new AbortController().signal) {
  const owned: number[] = [];
  const own = (pgid: number) => {
    owned.push(pgid);
    return { [Symbol.dispose]: () => void owned.pop() };
  };
  return { program, path: join(folder, `${program.name}.xml.7z`), threads: 2, signal, own, owned };
}

/** More than the pipe holds. */
const many = Array.from({ length: 64 }, (_, i) => Buffer.alloc(65_536, i));

async function* manyBytes(): AsyncGenerator<Buffer, void, void> {
  yield* many;
}

test('gives the program all bytes, level 4 and no times', async () => {
  const program = await fake('whole', 'echo "$@" > "$archive.arguments"; cat > "$archive"');
  const given = options(program);
  await writeSevenZip(manyBytes(), given);
  const written = await readFile(given.path);
  assert.ok(written.equals(Buffer.concat(many)));
  assert.equal(
    await readFile(`${given.path}.arguments`, 'utf8'),
    `a -t7z -si -mx=4 -mmt=2 -mtm=off -mtc=off -mta=off -bd -y -- ${given.path}\n`,
  );
  assert.deepEqual(given.owned, [], 'its process group is no longer owned');
});

test('a program that gives up says why', async () => {
  const program = await fake('broken', 'echo "no memory" >&2; exit 8');
  await assert.rejects(writeSevenZip(manyBytes(), options(program)), {
    code: 'COMPRESSOR_FAILED',
    message: /broken ended with exit status 8 and said: no memory/,
  });
});

test('what cannot be read is what is told, and leaves no finished archive', async () => {
  const program = await fake('fed', 'cat > /dev/null; : > "$archive"');
  async function* failing() {
    yield Buffer.alloc(10);
    throw new Error('the disk is gone');
  }
  const given = options(program);
  await assert.rejects(writeSevenZip(failing(), given), /the disk is gone/);
  assert.equal(existsSync(given.path), false);
});

test('is ended at once with all that it started', async () => {
  const stop = new AbortController();
  // The script waits for another program, as p7zip's may do.
  const program = await fake('slow', 'cat > /dev/null & sleep 600 & wait');
  async function* begun() {
    yield Buffer.alloc(10);
    stop.abort(new Error('stopped'));
    yield Buffer.alloc(10);
  }
  // `ended` waits until every process of the group has let go of the pipes.
  await assert.rejects(writeSevenZip(begun(), options(program, stop.signal)), /stopped/);
});

test('a machine without 7-Zip is told what to install', async () => {
  await assert.rejects(findSevenZip(join(folder, 'nothing')), {
    code: 'PROGRAM_MISSING',
    message: /7zip or p7zip-full/,
  });
});
