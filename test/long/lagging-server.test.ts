// A day is not made from a server that has not come as far as its mark.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { testBed } from '../support/bed.ts';
import { sql } from '../support/database.ts';
import { writeFarm } from '../support/mediawiki/farm.ts';
import { createMediaWiki, fillWiki } from '../support/mediawiki/wiki.ts';
import { requires } from '../support/requirements.ts';
import { runRota } from '../support/rota.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

describe('a server behind the mark', { skip: requires('mariadb', 'mediawiki', 'bzip2') }, () => {
  it('is refused, and the day is made when it has caught up', async () => {
    await using folder = await temporaryFolder();
    await using wiki = await createMediaWiki('lagging_wiki');
    const farm = await writeFarm(folder.path, [wiki], { fullDump: { outputs: ['history'] } });
    await fillWiki(wiki, 'day1');
    const rota = (...args: readonly string[]) => runRota(args, { cwd: farm.folder });
    const day = (command: string) => rota('changes', command, wiki.database, '--date', '20010101');
    const marked = await day('mark');
    assert.equal(marked.status, 0, marked.stderr);
    const change = (statements: string) => sql(testBed().mariadb, wiki.database, statements);
    await change(`CREATE TABLE on_its_way AS SELECT * FROM revision ORDER BY rev_id DESC LIMIT 3;
      DELETE FROM revision WHERE rev_id IN (SELECT rev_id FROM on_its_way)`);
    const refused = await day('run');
    assert.match(refused.stderr + refused.stdout.toString(), /REPLICA_LAGGED.*lagging_wiki/);
    assert.equal(refused.status, 1);
    await change('INSERT INTO revision SELECT * FROM on_its_way');
    const made = await day('run');
    assert.equal(made.status, 0, made.stderr + made.stdout.toString());
    const status = join(farm.publicFolder, 'other', 'incr', wiki.database, '20010101', 'status.txt');
    assert.equal(await readFile(status, 'utf8'), 'baseline');
  });
});
