// A dump as `rota dump` publishes it is proved by its own ledger, and another state of the wiki is not.
import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { it } from 'node:test';
import { makeSqliteFarm, wikiName } from '../dump/sqlite-farm.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { xml } from './xml-tool.ts';

it('a published history is as its ledger says, and no longer when a page was cut out', async () => {
  await using folder = await temporaryFolder('ledger');
  const farm = await makeSqliteFarm(folder.path);
  const dumped = await farm.rota('dump', wikiName, '--date', '20260101');
  assert.equal(dumped.status, 0, dumped.stderr);
  const date = join(folder.path, 'public', wikiName, '20260101');
  const names = await readdir(date);
  const [history, ledger] = [/pages-meta-history\.xml\.zst$/, /ledger.*\.zst$/].map(
    (pattern) => names.find((name) => pattern.test(name)) ?? '',
  );
  assert.ok(history !== '' && ledger !== '', names.join());
  const whole = await xml(date, 'verify', history ?? '', '--ledger', ledger ?? '');
  assert.deepEqual([whole.status, whole.stdout], [0, ''], whole.stderr);
  assert.match(whole.stderr, /60 pages, 400 revisions; it is as the ledger says \(smallwiki, 20260101\)/);
  assert.equal((await xml(date, 'cat', history ?? '', '--from-page', '2', '-o', '../less.xml')).status, 0);
  const less = await xml(date, 'verify', '../less.xml', '--ledger', ledger ?? '');
  assert.equal(less.status, 3);
  assert.match(less.stdout, /^missing: page 1, \d+ revisions\n$/);
});
