// A dump as `rota dump` publishes it is proved by its own ledger, and another state of the wiki is not.
import assert from 'node:assert/strict';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { it } from 'node:test';
import { makeSqliteFarm, wikiName } from '../dump/sqlite-farm.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { flipped } from './damage.ts';
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
  // Damage is no difference: it is said, and the status is that of a failure.
  const bytes = await readFile(join(date, history ?? ''));
  for (const [what, damaged] of [
    ['cut', bytes.subarray(0, bytes.length >> 1)],
    ['flipped', flipped(bytes, bytes.length >> 1)],
  ] as const) {
    await writeFile(folder.in(`${what}.xml.zst`), damaged);
    const verified = await xml(date, 'verify', `../../../${what}.xml.zst`, '--ledger', ledger ?? '');
    assert.equal(verified.status, 1, `${what}: ${verified.stderr}`);
    assert.match(verified.stderr, /ARCHIVE_DAMAGED/);
  }
  const ledgerBytes = await readFile(join(date, ledger ?? ''));
  await writeFile(folder.in('ledger.zst'), flipped(ledgerBytes, ledgerBytes.length >> 1));
  const unproved = await xml(date, 'verify', history ?? '', '--ledger', '../../../ledger.zst');
  assert.equal(unproved.status, 1, unproved.stderr);
});
