// What each piece is told of the bundles of the date before: all that begin in it, and the one before them.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { IndexLine } from '../../src/dumping/carry/bundle-index.ts';
import { indexLines } from '../../src/jobs/full-dump/carry/index-reader.ts';
import { type TemporaryFolder, temporaryFolder } from '../support/temporary-folder.ts';
import { makeSqliteFarm, type SqliteFarm, wikiName } from './sqlite-farm.ts';

const history = 'pages-meta-history.xml.zst';

describe('pieces of a date and the bundles of the date before', () => {
  let folder: TemporaryFolder;
  let farm: SqliteFarm;
  const settings = (pieceRevisions: number, recheck: string) => ({
    ...{ outputs: ['history'], shrinkGuard: 'off', keep: 10, bundle: { zst: '64KiB' } },
    ...{ piece: { size: '1GiB', revisions: pieceRevisions }, carryOver: { recheck } },
  });

  before(async () => {
    folder = await temporaryFolder('carry-pieces');
    // Some 2,000 revisions are a chunk.
    farm = await makeSqliteFarm(folder.path, settings(100_000, 'off'), { pages: 500, revisions: 9000 });
    await dump('20260101');
  });
  after(async () => await folder?.[Symbol.asyncDispose]());

  const dump = async (date: string, ...args: readonly string[]) => {
    const dumped = await farm.rota('dump', wikiName, '--date', date, ...args);
    assert.equal(dumped.status, 0, dumped.stderr);
    return (await farm.carried(date))?.carried;
  };
  const bundles = async (date: string) => {
    const lines: IndexLine[] = [];
    const path = farm.path(date, `${history}.index.zst`);
    const { signal } = new AbortController();
    for await (const line of indexLines({ path, searchPath: '', signal })) lines.push(line);
    return lines;
  };

  it('are copied in all parts of a piece that has grown above twice the limits', async () => {
    const before = await bundles('20260101');
    assert.equal(before.filter(({ piece }) => piece).length, 1, 'the date before was one piece');
    // What was one piece is above twice the limits now, as when pages arrive.
    farm = await farm.withTrees('.', settings(2_000, 'off'));
    const carried = await dump('20260102');
    const pieces = (await bundles('20260102')).filter(({ piece }) => piece).length;
    assert.ok(pieces >= 4, `${pieces} pieces`);
    assert.ok((carried?.readTexts ?? 99) < pieces, `${carried?.readTexts} texts were read`);
    // One bundle lies across each border.
    assert.ok((carried?.copiedBundles ?? 0) >= before.length - 2 * pieces, JSON.stringify(carried));
    assert.ok((await farm.published('20260101', history)) === (await farm.published('20260102', history)));
  });

  it('are counted once when they are rechecked', async () => {
    farm = await farm.withTrees('.', settings(2_000, '100%'));
    const before = await bundles('20260102');
    const carried = await dump('20260103');
    assert.equal(carried?.recheckedBundles, before.length);
    assert.equal(carried?.copiedBundles, 0);
  });
});
