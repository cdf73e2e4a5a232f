// The 7z file of the history: off by default, made from another format of the same file.
import assert from 'node:assert/strict';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { execa } from 'execa';
import { makeSqliteFarm, type SqliteFarm, wikiName } from '../dump/sqlite-farm.ts';
import { findProgram, requires } from '../support/requirements.ts';
import { type TemporaryFolder, temporaryFolder } from '../support/temporary-folder.ts';

const history = { outputs: ['history'], compression: { history: ['zst', '7z'] } };

describe('a dump with a 7z file', () => {
  let folder: TemporaryFolder;
  before(async () => {
    folder = await temporaryFolder('seven-zip');
  });
  after(async () => await folder?.[Symbol.asyncDispose]());

  const farmWith = async (name: string, fullDump: Readonly<Record<string, unknown>>): Promise<SqliteFarm> => {
    await mkdir(folder.in(name));
    return await makeSqliteFarm(folder.in(name), fullDump);
  };
  const folderOf = (farm: SqliteFarm) => join(farm.folder, 'public', wikiName, '20260101');
  const fileOf = (farm: SqliteFarm, name: string) => join(folderOf(farm), `${wikiName}-20260101-${name}`);

  it('unpacks with 7-Zip to what the other format holds', { skip: requires('7z') }, async () => {
    const farm = await farmWith('whole', history);
    const result = await farm.rota('dump', wikiName, '--date', '20260101');
    assert.equal(result.status, 0, result.stderr);
    const unpacked = folder.in('unpacked');
    await execa(findProgram('7zz', '7z', '7za') ?? '7z', [
      ...['x', '-bd', `-o${unpacked}`],
      fileOf(farm, 'pages-meta-history.xml.7z'),
    ]);
    const text = await readFile(join(unpacked, `${wikiName}-20260101-pages-meta-history.xml`), 'utf8');
    assert.ok(text.endsWith('</mediawiki>'));
    assert.ok(text === (await farm.published('20260101', 'pages-meta-history.xml.zst')));
    const status = JSON.parse(await readFile(join(folderOf(farm), 'dumpstatus.json'), 'utf8'));
    const { files, ...job } = status.jobs.metahistory7zdump;
    assert.equal(job.status, 'done');
    assert.deepEqual(Object.keys(files), [`${wikiName}-20260101-pages-meta-history.xml.7z`]);
  });

  it('has one for each part, with the same bytes when it is made again', {
    skip: requires('7z'),
  }, async () => {
    const farm = await farmWith('parts', { ...history, split: { history: { maxPages: 30 } } });
    const dump = (...args: readonly string[]) => farm.rota('dump', wikiName, '--date', '20260101', ...args);
    const first = await dump();
    assert.equal(first.status, 0, first.stderr);
    const manifest = JSON.parse(await readFile(join(folderOf(farm), 'manifest.json'), 'utf8'));
    const filesOf = (output: string) =>
      manifest.sets.history.files.filter((file: { output: string }) => file.output === output);
    const names: readonly string[] = filesOf('history-7z').map((file: { name: string }) => file.name);
    assert.deepEqual(
      names,
      filesOf('history-zst').map((file: { name: string }) => file.name.replace(/zst$/, '7z')),
    );
    assert.ok(names.length > 1);
    const texts = async (extension: string) =>
      await Promise.all(
        names.map((name) =>
          farm.published('20260101', name.replace(`${wikiName}-20260101-`, '').replace(/7z$/, extension)),
        ),
      );
    assert.ok((await texts('7z')).join('') === (await texts('zst')).join(''));
    const replaced = await dump('--force', '--replace');
    assert.equal(replaced.status, 0, replaced.stderr);
    const again = JSON.parse(await readFile(join(folderOf(farm), 'manifest.json'), 'utf8'));
    assert.deepEqual(
      again.sets.history.files.map((file: { sha256: string }) => file.sha256),
      manifest.sets.history.files.map((file: { sha256: string }) => file.sha256),
    );
  });

  it('is refused at once where 7-Zip is not installed, with the package that brings it', async () => {
    const farm = await farmWith('missing', history);
    const result = await farm.rotaWith({ PATH: folder.path }, ...['dump', wikiName, '--date', '20260101']);
    assert.notEqual(result.status, 0);
    assert.match(result.stderr, /PROGRAM_MISSING/);
    assert.match(result.stderr, /7zip or p7zip-full/);
    assert.doesNotMatch(result.stderr, /spool +done/);
  });
});
