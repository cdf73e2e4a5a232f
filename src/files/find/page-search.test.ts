import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { everyBytes, MemoryAccess } from '../testing/memory-access.ts';
import { dumpXml, pageXml, type SmallPage, somePages } from '../testing/small-dump.ts';
import { PageSearch } from './page-search.ts';

const idOf = async (access: MemoryAccess, id: number) => {
  const { exact, before } = await new PageSearch(access, id).run();
  return { exact, before };
};

/** Where each page begins in the content. */
function startsOf(pages: readonly SmallPage[]): Map<number, number> {
  const xml = dumpXml(pages);
  return new Map(pages.map((page) => [page.id, Buffer.byteLength(xml.slice(0, xml.indexOf(pageXml(page))))]));
}

describe('the search for a page', () => {
  const pages = somePages(60);
  const content = Buffer.from(dumpXml(pages));
  const starts = startsOf(pages);

  it('finds every page, and none that is not there, whatever the blocks', async () => {
    const step = fc.integer({ min: 20, max: 6000 });
    const odd = fc.array(fc.nat(content.length), { maxLength: 30 });
    const ids = fc.integer({ min: 0, max: 3 * 62 });
    await fc.assert(
      fc.asyncProperty(step, odd, ids, async (size, cuts, id) => {
        const access = new MemoryAccess(content, [...everyBytes(content.length, size), ...cuts]);
        const { exact, before } = await idOf(access, id);
        assert.equal(exact === null, !starts.has(id));
        if (exact !== null) assert.equal(exact.block.position + exact.rawOffset, starts.get(id));
        // Reading for a range of pages may begin there: nothing of it lies before.
        const lastBefore = pages.findLast((page) => page.id <= id)?.id ?? null;
        assert.equal(before?.id ?? null, lastBefore);
      }),
      { numRuns: 400 },
    );
  });

  it('finds the last page for an infinite id', async () => {
    const access = new MemoryAccess(content, everyBytes(content.length, 700));
    assert.equal((await idOf(access, Number.POSITIVE_INFINITY)).before?.id, 180);
  });

  it('reads a number of blocks that grows with the logarithm', async () => {
    const many = somePages(4000, 100);
    const large = Buffer.from(dumpXml(many));
    for (const id of [3, 600, 6000, 12_000, 601]) {
      const access = new MemoryAccess(large, everyBytes(large.length, 600));
      assert.equal((await idOf(access, id)).exact?.id ?? null, id % 3 === 0 ? id : null);
      assert.ok(access.blocks > 3000 && access.blocksRead < 60, `${access.blocksRead} of ${access.blocks}`);
    }
  });

  it('passes by a huge page, in which no page begins, without reading it', async () => {
    const revisions = Array.from({ length: 20_000 }, (_, i) => ({ id: 5000 + i }));
    const before = somePages(40);
    const after = [200, 203, 206].map((id) => ({ id, revisions: [{ id: 90_000 + id }] }));
    const all = [...before, { id: 150, revisions }, ...after];
    const xml = Buffer.from(dumpXml(all));
    for (const id of [3, 119, 120, 121, 150, 151, 199, 200, 201, 203, 206, 300]) {
      const access = new MemoryAccess(xml, everyBytes(xml.length, 600), 600);
      const isThere = all.some((page) => page.id === id);
      assert.equal((await idOf(access, id)).exact?.id ?? null, isThere ? id : null);
      // To be sure that no page stands between the ends of the huge one, it must be read.
      const isBetween = id > 150 && id < 200;
      assert.ok(isBetween || access.blocksRead < 500, `page ${id}: ${access.blocksRead} of ${access.blocks}`);
    }
  });
});
