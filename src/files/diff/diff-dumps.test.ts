import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { isRotaError } from '../../core/errors/rota-error.ts';
import { memorySource } from '../testing/memory-files.ts';
import { dumpXml, type SmallPage } from '../testing/small-dump.ts';
import { type Difference, diffDumps } from './diff-dumps.ts';

async function diff(a: string, b: string): Promise<string[]> {
  const found: Difference[] = [];
  for await (const one of diffDumps(memorySource(a, 'a', 77), memorySource(b, 'b', 333))) found.push(one);
  return found.map(({ kind, pageId, id, revisions }) =>
    [kind, pageId, id, revisions].filter((value) => value !== null).join(' '),
  );
}

const page = (id: number, revisions: readonly (number | readonly [number, string])[], title?: string) => ({
  id,
  revisions: revisions.map((one) => (typeof one === 'number' ? { id: one } : { id: one[0], text: one[1] })),
  ...(title === undefined ? {} : { title }),
});

describe('the difference of two dumps', () => {
  it('names pages and revisions that were added, removed and changed', async () => {
    const a = dumpXml([page(1, [1, 2]), page(2, [3]), page(4, [5, 6, 8]), page(9, [9])]);
    const b = dumpXml([
      page(1, [1, 2]),
      page(3, [4, 7]),
      page(4, [5, [6, 'other'], 10]),
      page(9, [9], 'New'),
    ]);
    assert.deepEqual(await diff(a, b), [
      'page-removed 2 1',
      'page-added 3 2',
      'revision-changed 4 6',
      'revision-removed 4 8',
      'revision-added 4 10',
      'page-changed 9',
    ]);
  });

  it('sees heads and log items', async () => {
    const log = (ids: readonly number[], type: string) =>
      dumpXml([]).replace(
        '</mediawiki>',
        `${ids.map((id) => `  <logitem>\n    <id>${id}</id>\n    <type>${type}</type>\n  </logitem>\n`).join('')}</mediawiki>`,
      );
    assert.deepEqual(await diff(log([1, 2], 'move'), log([2, 3], 'delete').replace('Small', 'Other')), [
      'head-changed',
      'log-item-removed 1',
      'log-item-changed 2',
      'log-item-added 3',
    ]);
  });

  it('is exactly what was changed', async () => {
    const revisions = fc.uniqueArray(fc.integer({ min: 1, max: 30 }), { minLength: 1, maxLength: 6 });
    const dump = fc
      .uniqueArray(fc.tuple(fc.integer({ min: 1, max: 12 }), revisions), {
        selector: ([id]) => id,
        maxLength: 8,
      })
      .map((list): SmallPage[] =>
        list
          .sort(([a], [b]) => a - b)
          .map(([id, ids]) =>
            page(
              id,
              ids.sort((a, b) => a - b),
            ),
          ),
      );
    await fc.assert(
      fc.asyncProperty(dump, dump, async (a, b) => {
        assert.deepEqual((await diff(dumpXml(a), dumpXml(b))).sort(), expected(a, b).sort());
        assert.deepEqual(await diff(dumpXml(a), dumpXml(a)), []);
      }),
      { numRuns: 200 },
    );
  });

  it('fails when one of them is damaged, or out of order', async () => {
    const whole = dumpXml([page(1, [1]), page(2, [2])]);
    const swapped = dumpXml([page(2, [2]), page(1, [1])]);
    for (const bad of [whole.slice(0, -30), swapped]) {
      await assert.rejects(diff(whole, bad), (error) => isRotaError(error, 'XML_DAMAGED'));
      await assert.rejects(diff(bad, whole), (error) => isRotaError(error, 'XML_DAMAGED'));
    }
  });
});

/** The same by sets. */
function expected(a: readonly SmallPage[], b: readonly SmallPage[]): string[] {
  const [inA, inB] = [new Map(a.map((one) => [one.id, one])), new Map(b.map((one) => [one.id, one]))];
  const found: string[] = [];
  for (const [id, one] of inA) if (!inB.has(id)) found.push(`page-removed ${id} ${one.revisions.length}`);
  for (const [id, one] of inB) {
    const before = inA.get(id);
    if (before === undefined) {
      found.push(`page-added ${id} ${one.revisions.length}`);
      continue;
    }
    const [old, now] = [before, one].map(
      (version) => new Set(version.revisions.map((revision) => revision.id)),
    );
    for (const revision of old ?? [])
      if (!now?.has(revision)) found.push(`revision-removed ${id} ${revision}`);
    for (const revision of now ?? []) if (!old?.has(revision)) found.push(`revision-added ${id} ${revision}`);
  }
  return found;
}
