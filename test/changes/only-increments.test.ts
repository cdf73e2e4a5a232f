// Days that are not exact hold the field's files only, and the first of them leads on from the full dump as well.
import assert from 'node:assert/strict';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { parse, stringify } from 'yaml';
import { parseDayManifest } from '../../src/export/changes/day-manifest.ts';
import { makeSqliteFarm, wikiName } from '../dump/sqlite-farm.ts';
import { requires } from '../support/requirements.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { DaysFarm, liveOneDay } from './days-farm.ts';

describe('a day with exact: off', { skip: requires('bzip2') }, () => {
  it('holds what came since the full dump, and nothing else', async () => {
    await using folder = await temporaryFolder();
    const wiki = await makeSqliteFarm(folder.path, { outputs: ['history'] });
    const file = join(folder.path, 'rota.yaml');
    const config = parse(await readFile(file, 'utf8')) as { jobs: object };
    await writeFile(file, stringify({ ...config, jobs: { ...config.jobs, changes: { exact: 'off' } } }));
    await using days = await DaysFarm.open(folder.path, wikiName);
    await days.dump('20010101');
    const before = wiki.value('SELECT MAX(rev_id) FROM revision');
    await liveOneDay(join(folder.path, `${wikiName}.sqlite`));
    const [date] = ['20010102'];
    await days.mark(date);
    await days.changes(date);
    const path = join(days.day(date), 'changes.json');
    const manifest = parseDayManifest(JSON.parse(await readFile(path, 'utf8')), path);
    assert.equal(manifest.previousMark, before);
    assert.equal(manifest.exact, false);
    assert.equal(
      manifest.increment.revisions,
      wiki.value(`SELECT COUNT(*) FROM revision WHERE rev_id > ${before}`),
    );
    assert.deepEqual((await readdir(days.day(date))).toSorted(), [
      'changes.json',
      'maxrevid.txt',
      `${wikiName}-${date}-md5sums.txt`,
      `${wikiName}-${date}-pages-meta-hist-incr.xml.bz2`,
      `${wikiName}-${date}-stubs-meta-hist-incr.xml.gz`,
      'status.txt',
    ]);
  });
});
