import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { runRota } from './testing.ts';

const config = `output: { public: ./public, private: ./private }
store: sqlite:./rota.db
wikis:
  onewiki: { database: "sqlite:./one.sqlite", siteinfo: ./siteinfo.xml }
jobs: {}
`;

describe('what a command reads is not written over', () => {
  let folder: string;
  const names = ['one.sqlite', 'siteinfo.xml', 'rota.db', 'full.xml', 'full.xml.ledger.zst', 'notes.txt'];

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'rota-inputs-'));
    for (const name of names) writeFileSync(join(folder, name), name);
    writeFileSync(join(folder, 'rota.yaml'), config);
    symlinkSync('one.sqlite', join(folder, 'link'));
    mkdirSync(join(folder, 'day'));
  });
  after(() => rm(folder, { recursive: true, force: true }));

  const refused = async (...args: readonly string[]) => {
    const { status, stderr } = await runRota(args, { cwd: folder });
    assert.deepEqual([status, /USAGE/.test(stderr)], [2, true], `${args.join(' ')}: ${stderr}`);
    for (const name of names) assert.equal(readFileSync(join(folder, name), 'utf8'), name);
  };

  it('by rota export: configuration, database, siteinfo, store', async () => {
    for (const name of ['rota.yaml', 'one.sqlite', 'link', './siteinfo.xml', 'rota.db']) {
      await refused('export', 'onewiki', '-o', name);
    }
    assert.equal(readFileSync(join(folder, 'rota.yaml'), 'utf8'), config);
  });

  it('by rota changes apply: the full dump, its ledger', async () => {
    await refused('changes', 'apply', 'full.xml', 'day', '-o', 'full.xml');
    await refused('changes', 'apply', 'full.xml', 'day', '-o', 'x', '--ledger', 'x');
    await refused('changes', 'apply', 'full.xml', 'day', '-o', '-');
  });

  it('nor is standard input read twice, of which each reader would get a part', async () => {
    const twice = ['check - -', 'count - -', 'diff - -', 'merge - - -o merged', 'verify - --ledger -'];
    for (const line of twice) await refused('xml', ...line.split(' '));
  });

  it('by rota demo wiki --replace: whatever is no wiki', async () => {
    await refused('demo', 'wiki', 'notes.txt', '--replace');
  });
});
