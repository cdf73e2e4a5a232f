// A dump that carries over is killed while it does, and resumed: on MariaDB, in bz2 and zst, whole and in parts, with pieces
// that begin anywhere. It holds what one from nothing holds.
import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import { after, before, describe, it } from 'node:test';
import { transitionsOf, whenRecorded } from '../faults/run-watch.ts';
import { assertSameBytes } from '../reference/same-bytes.ts';
import { endLeases } from '../support/end-leases.ts';
import { type Farm, writeFarm } from '../support/mediawiki/farm.ts';
import { wikiCopy } from '../support/mediawiki/shared-wikis.ts';
import { liveMediaWikiDay, type TestWiki } from '../support/mediawiki/wiki.ts';
import { contentOf, publishedDump, runDump } from '../support/published.ts';
import { requires } from '../support/requirements.ts';
import { signalTree, startRota } from '../support/rota.ts';
import { type TemporaryFolder, temporaryFolder } from '../support/temporary-folder.ts';

const [first, second] = ['20200601', '20200602'];

describe('a dump that carries over', { skip: requires('mariadb', 'mediawiki', 'bzip2', 'zstd') }, () => {
  let wiki: TestWiki;
  let folder: TemporaryFolder;
  let carrying: Farm;
  let anew: Farm;

  before(async () => {
    wiki = await wikiCopy('bulk', 'killed_carrying', { renames: true });
    folder = await temporaryFolder();
    const fullDump = {
      outputs: ['articles', 'multistream', 'current', 'history'],
      compression: { articles: 'bz2', current: 'zst', history: ['bz2', 'zst'] },
      split: { history: { maxRawBytes: '600KiB' }, articles: { maxPages: 15 } },
      shrinkGuard: 'off',
    };
    carrying = await writeFarm(folder.in('carrying'), [wiki], {
      fullDump: {
        ...fullDump,
        ...{ piece: { size: '256KiB', revisions: 130 }, bundle: { zst: '12KiB', bz2: '24KiB' } },
        ...{ carryOver: { recheck: 'off' }, threads: 2 },
      },
    });
    anew = await writeFarm(folder.in('anew'), [wiki], { fullDump });
    for (const farm of [carrying, anew]) assert.equal((await runDump(farm, wiki, first)).status, 0);
    await liveMediaWikiDay(wiki, 0);
    assert.equal((await runDump(anew, wiki, second, ['--no-carry-over'])).status, 0);
  });
  after(async () => {
    await folder?.[Symbol.asyncDispose]();
    await wiki?.[Symbol.asyncDispose]();
  });

  const begun = (stage: string) =>
    transitionsOf(carrying).filter((change) => change.stage === stage && change.to === 'running').length;

  it('is killed in each stage that works with the date before, and resumed', async () => {
    for (const stage of ['content', 'assemble', 'verify']) {
      const before = begun(stage);
      const dump = startRota(['dump', wiki.database, '--date', second], { cwd: carrying.folder });
      const seen = await whenRecorded(carrying, dump, () => begun(stage) > before);
      signalTree(dump, 'SIGKILL');
      await dump;
      assert.ok(seen, stage);
      endLeases(carrying.folder);
    }
    const resumed = await runDump(carrying, wiki, second);
    assert.equal(resumed.status, 0, resumed.stderr);
  });

  it('holds in every part what one from nothing holds', async () => {
    const [carried, fresh] = [publishedDump(carrying, wiki, second), publishedDump(anew, wiki, second)];
    const names = (await readdir(carried.folder)).filter((name) =>
      /\.xml(-p\d+p\d+)?\.(bz2|zst)$/.test(name),
    );
    assert.ok(names.length > 8, `there are parts: ${names.join(', ')}`);
    for (const name of names) {
      const undated = name.slice(`${wiki.database}-${second}-`.length);
      assertSameBytes(await contentOf(carried.file(undated)), await contentOf(fresh.file(undated)), undated);
    }
  });
});
