import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { isRotaError } from '../../core/errors/rota-error.ts';
import { writeStarter } from './write-starter.ts';

const makeFolders = (path: string) => mkdir(path, { recursive: true });
const wiki = { wiki: 'frwiki', database: 'mysql://reader:new%40@db.example.org/frwiki' };

async function withFolder(body: (folder: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'rota-init-'));
  try {
    await body(folder);
  } finally {
    await rm(folder, { recursive: true });
  }
}

test('of rota.yaml and the password both are written, or neither', async () => {
  await withFolder(async (folder) => {
    const start = () => writeStarter('rota.yaml', wiki, folder, makeFolders);
    const exists = (file: string) => (e: unknown) =>
      isRotaError(e, 'CONFIG_EXISTS') && e.message.startsWith(`${file} `);
    await writeFile(join(folder, 'frwiki.password'), 'old\n');
    await assert.rejects(start(), exists('frwiki.password'));
    assert.deepEqual(await readdir(folder), ['frwiki.password']);
    await rm(join(folder, 'frwiki.password'));
    await writeFile(join(folder, 'rota.yaml'), 'name: mine\n');
    await assert.rejects(start(), exists('rota.yaml'));
    assert.deepEqual(await readdir(folder), ['rota.yaml']);
    await rm(join(folder, 'rota.yaml'));
    assert.deepEqual(await start(), { written: ['rota.yaml', 'frwiki.password'] });
    assert.equal(await readFile(join(folder, 'frwiki.password'), 'utf8'), 'new@\n');
  });
});

test('a password that cannot be decoded is refused as such, and nothing is written', async () => {
  await withFolder(async (folder) => {
    const start = writeStarter(
      'rota.yaml',
      { wiki: 'frwiki', database: 'mysql://u:50%zz@h/x' },
      folder,
      makeFolders,
    );
    await assert.rejects(start, (e) => isRotaError(e, 'USAGE') && !e.message.includes('zz'));
    assert.deepEqual(await readdir(folder), []);
  });
});
