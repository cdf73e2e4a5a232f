// Five hundred readers and a hundred open pages while a dump runs: each gets every answer, pages learn of changes, and the
// dump is done. How much it costs is measured by bench/web.ts.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { makeOperationsFarm, rota } from '../operations/operations-farm.ts';
import { startReaders } from '../support/start-readers.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { serveWeb } from '../web/web-farm.ts';

test('500 readers and 100 live pages get all their answers while a dump runs', async () => {
  await using folder = await temporaryFolder('web-readers');
  const farm = await makeOperationsFarm(folder.path, ['alphawiki', 'betawiki'], {
    revisions: 3_000,
  });
  await using web = await serveWeb(folder.path);
  const readers = await startReaders(web.address, { clients: 500, streams: 100, everyMs: 5_000 });
  const dumped = await rota(farm, 'dump', 'alphawiki', '--date', '20260101');
  const report = await readers.report();
  assert.equal(dumped.status, 0, dumped.stderr);
  assert.deepEqual([report.errors, report.firstErrors], [0, []]);
  assert.ok(report.requests >= 500, JSON.stringify(report));
  assert.ok(report.events >= 100, JSON.stringify(report));
});
