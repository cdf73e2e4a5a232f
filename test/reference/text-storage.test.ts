// The same wiki in every form that texts are stored in dumps to the same bytes, and to those that MediaWiki writes.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { testBed } from '../support/bed.ts';
import { sql } from '../support/database.ts';
import { writeFarm } from '../support/mediawiki/farm.ts';
import { wikiCopy } from '../support/mediawiki/shared-wikis.ts';
import { runMaintenance, type TestWiki } from '../support/mediawiki/wiki.ts';
import { requires } from '../support/requirements.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { assertOnePass, assertTextPass, fullMode } from './export-pair.ts';

describe('texts are read in every form of storage', { skip: requires('mariadb', 'mediawiki') }, () => {
  it('deflated rows', async () => {
    await using wiki = await wikiCopy('bulk', 'stored_gzip');
    assert.ok((await rowsWithFlag(wiki, 'gzip')) > 500);
    await assertBothProfiles(wiki);
  });

  it('blocks of several texts, after compressOld.php', async () => {
    await using wiki = await wikiCopy('bulk', 'stored_concat');
    await runMaintenance(wiki, 'storage/compressOld', ['--type=concat', '--chunksize=12']);
    assert.ok((await rowsWithFlag(wiki, 'object')) > 400);
    await assertBothProfiles(wiki);
  });

  it('external storage: plain, compressed, blocks and differences', async () => {
    await using wiki = await wikiCopy('external', 'stored_external');
    assert.ok((await rowsWithFlag(wiki, 'external')) > 500);
    await assertBothProfiles(wiki);
  });

  it('external blocks, after compressOld.php has moved texts there', async () => {
    await using wiki = await wikiCopy('bulk', 'stored_moved', { external: true });
    await runMaintenance(wiki, 'storage/compressOld', ['--type=concat', '--chunksize=9', '--extdb=cluster1']);
    assert.ok((await rowsWithFlag(wiki, 'external')) > 400);
    await assertBothProfiles(wiki);
  });
});

async function assertBothProfiles(wiki: TestWiki): Promise<void> {
  await using folder = await temporaryFolder();
  const farm = await writeFarm(folder.path, [wiki]);
  await assertOnePass(farm, wiki, fullMode);
  await assertTextPass(farm, wiki);
}

async function rowsWithFlag(wiki: TestWiki, flag: string): Promise<number> {
  const count = `SELECT count(*) FROM text WHERE FIND_IN_SET('${flag}', old_flags)`;
  const [[found] = []] = await sql(testBed().mariadb, wiki.database, count);
  return Number(found);
}
