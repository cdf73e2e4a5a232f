import assert from 'node:assert/strict';
import { access, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { temporaryFolder } from '../../../../publish/testing/temporary-folder.ts';
import { TableDump } from './table-dump.ts';

const address = { dialect: 'mariadb', user: 'u', password: 'hush', database: 'w' } as const;

/** A dump of a program that is this shell script. */
async function scripted(folder: string, script: string, signal = new AbortController().signal) {
  const path = join(folder, 'mariadb-dump');
  await writeFile(path, `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  const owned = new Set<number>();
  const dump = await TableDump.start({
    program: { name: 'mariadb-dump', path, vendor: 'mariadb' },
    address,
    table: 't',
    folder,
    signal,
    own: (pgid) => {
      owned.add(pgid);
      return { [Symbol.dispose]: () => owned.delete(pgid) };
    },
  });
  return { dump, owned };
}

async function collect(sql: AsyncIterable<Buffer>): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of sql) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

test('nothing is lost of a program that ends before it is read', async () => {
  await using folder = await temporaryFolder();
  const { dump, owned } = await scripted(folder.path, "printf -- '-- head\\n\\nx;\\n-- Dump completed\\n'");
  await using _dump = dump;
  const [pid = 0] = owned;
  while (isAlive(pid)) await setImmediate();
  for (let turn = 0; turn < 5; turn++) await setImmediate();
  assert.equal(await collect(dump.sql()), '-- head\n\nx;\n-- Dump completed\n');
});

test('the login lies in a file of its owner while the program starts, in no argument, and goes', async () => {
  await using folder = await temporaryFolder();
  const script =
    'file=$(echo "$1" | cut -d= -f2-); login=$(ls -l "$file" | cut -c1-10; cat "$file"); echo "$login"; echo "$@"; env; echo "-- Dump completed"';
  const { dump } = await scripted(folder.path, script);
  const text = await collect(dump.sql());
  assert.match(text, /^-rw-------\n/);
  assert.equal(text.split('hush').length, 2, 'in the file only');
  assert.deepEqual(await readdir(folder.path), ['mariadb-dump']);
  await dump[Symbol.asyncDispose]();
});

test('an output without end is no dump, whatever the exit status says', async () => {
  await using folder = await temporaryFolder();
  const { dump } = await scripted(folder.path, "printf 'INSERT'");
  await using _dump = dump;
  await assert.rejects(collect(dump.sql()), { code: 'TABLE_DUMP_INTERRUPTED' });
});

test('leaving it ends the program and removes the login', async () => {
  await using folder = await temporaryFolder();
  const { dump, owned } = await scripted(folder.path, 'exec sleep 600');
  const [pid = 0] = owned;
  await dump[Symbol.asyncDispose]();
  assert.ok(!isAlive(pid));
  assert.equal(owned.size, 0);
  await assert.rejects(access(join(folder.path, 'login.cnf')));
});

test('an abort kills it and is what the reader sees', async () => {
  await using folder = await temporaryFolder();
  const abort = new AbortController();
  const { dump } = await scripted(
    folder.path,
    "echo '-- begun'; echo; echo 12345678; exec sleep 600",
    abort.signal,
  );
  await using _dump = dump;
  const reading = async () => {
    for await (const _chunk of dump.sql()) abort.abort(new Error('asked to stop'));
  };
  await assert.rejects(reading(), /asked to stop/);
});
