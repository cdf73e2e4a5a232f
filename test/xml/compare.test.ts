// A folder with another program's dump against what Rota has published.
import assert from 'node:assert/strict';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { it } from 'node:test';
import { gunzipSync, gzipSync } from 'node:zlib';
import { makeSqliteFarm, wikiName } from '../dump/sqlite-farm.ts';
import { requires } from '../support/requirements.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { xml } from './xml-tool.ts';

it('another dump is compared output by output, whatever its files are compressed with', {
  skip: requires('bzip2'),
}, async () => {
  await using folder = await temporaryFolder('compare');
  const farm = await makeSqliteFarm(folder.path, { outputs: ['stubs', 'history', 'titles'] });
  const dumped = await farm.rota('dump', wikiName, '--date', '20260101');
  assert.equal(dumped.status, 0, dumped.stderr);
  const theirs = folder.in('theirs');
  await mkdir(theirs);
  const name = (file: string) => `${wikiName}-20260101-${file}`;
  const ours = (file: string) => farm.path('20260101', file);
  const history = ours('pages-meta-history.xml.zst');
  const made = await xml(
    folder.path,
    'recompress',
    history,
    '-o',
    `theirs/${name('pages-meta-history.xml.bz2')}`,
  );
  assert.equal(made.status, 0, made.stderr);
  const stub = gunzipSync(await readFile(ours('stub-meta-history.xml.gz'))).toString('latin1');
  const changed = stub.replace('<ns>0</ns>', '<ns>4</ns>');
  const stubFile = `${theirs}/${name('stub-meta-history.xml.gz')}`;
  await writeFile(stubFile, gzipSync(Buffer.from(changed, 'latin1')));
  await writeFile(`${theirs}/${name('all-titles.gz')}`, await readFile(ours('all-titles.gz')));
  await writeFile(`${theirs}/${name('abstract.xml.gz')}`, gzipSync('<feed/>\n'));
  const compared = await farm.rota('compare', 'theirs');
  assert.equal(compared.status, 3, compared.stderr);
  const lines = compared.stdout.toString();
  assert.match(lines, /^pages-meta-history\.xml: the same \(.*\.bz2, .*\.zst\)$/m);
  assert.match(lines, /^stub-meta-history\.xml: 1 difference, the first in page \d+ \(rota xml diff /m);
  assert.match(lines, /^all-titles: the same/m);
  assert.match(lines, /^all-titles-in-ns0: only here/m);
  assert.match(lines, /^abstract\.xml: only there/m);
  const same = await farm.rota('compare', dirname(history), '--json');
  assert.equal(same.status, 0, same.stderr);
  const results = same.stdout
    .toString()
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line).result);
  assert.deepEqual([...new Set(results)], ['same']);
  const nothing = await farm.rota('compare', folder.path);
  assert.equal(nothing.status, 1);
  assert.match(nothing.stderr, /holds no files of a dump/);
});
