import assert from 'node:assert/strict';
import { test } from 'node:test';
import { testBed } from '../bed.ts';
import { sql } from '../database.ts';
import { requires } from '../requirements.ts';
import { type SharedWikiName, wikiCopy } from './shared-wikis.ts';

const atLeast: Readonly<Record<SharedWikiName, number>> = {
  wicked: 480,
  empty: 1,
  broken: 49,
  bulk: 600,
  external: 600,
};

for (const [name, revisions] of Object.entries(atLeast)) {
  test(`the ${name} wiki is filled`, { skip: requires('mariadb', 'mediawiki') }, async () => {
    await using wiki = await wikiCopy(name as SharedWikiName, `filled_${name}`);
    const [[count] = []] = await sql(testBed().mariadb, wiki.database, 'SELECT count(*) FROM revision');
    assert.ok(Number(count) >= revisions, `${count} revisions`);
  });
}
