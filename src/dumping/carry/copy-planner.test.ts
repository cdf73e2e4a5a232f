import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import fc from 'fast-check';
import type { CarriedLine } from './bundle-index.ts';
import { CopyCursor, CopyPlanner, isAllCopied } from './copy-planner.ts';

interface Unit {
  readonly id: number;
  readonly version: number;
}

const digestOf = ({ id, version }: Unit) => createHash('sha256').update(`${id} ${version}`).digest('binary');

function lineOf(units: readonly Unit[]): CarriedLine {
  const hash = createHash('sha256');
  for (const unit of units) hash.update(digestOf(unit), 'latin1');
  return {
    ...{ at: 0, part: 0, length: 1, raw: units.length, whole: true, sha256: '', begun: 0, revisions: 0 },
    ...{ firstPage: units[0]?.id ?? 0, lastPage: units.at(-1)?.id ?? 0 },
    units: { from: [units[0]?.id ?? 0, 0], count: units.length, digest: hash.digest('hex') },
  };
}

/** Bundles of one to eight units, with rising ids that leave room for new ones. */
const before = fc
  .array(fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 1, maxLength: 8 }), { maxLength: 10 })
  .map((bundles) => {
    let id = 0;
    return bundles.map((steps) =>
      steps.map((step): Unit => {
        id += step;
        return { id, version: 0 };
      }),
    );
  });

test('exactly the bundles of which every unit is the same, with none between them, are copied', () => {
  fc.assert(
    fc.property(
      before,
      fc.array(fc.tuple(fc.nat(100), fc.constantFrom('change', 'remove', 'add'))),
      (bundles, edits) => {
        const now = new Map(bundles.flat().map((unit) => [unit.id, unit]));
        for (const [id, edit] of edits) {
          const unit = now.get(id);
          if (edit === 'add') now.set(id, unit ?? { id, version: 0 });
          else if (unit && edit === 'remove') now.delete(id);
          else if (unit) now.set(id, { id, version: 1 });
        }
        const units = [...now.values()].toSorted((a, b) => a.id - b.id);
        const lines = new Map(bundles.map((bundle) => [bundle[0]?.id, lineOf(bundle)]));
        const planner = new CopyPlanner({ startingAt: (page) => lines.get(page) });
        for (const unit of units) planner.unit(unit.id, 0, digestOf(unit));
        const copies = planner.finish(0);

        const expected = bundles.filter((bundle) => {
          const start = units.findIndex((unit) => unit.id === bundle[0]?.id);
          const same = units.slice(start, start + bundle.length);
          return start >= 0 && JSON.stringify(same) === JSON.stringify(bundle);
        });
        assert.deepEqual(
          copies.map(({ line }) => line.firstPage),
          expected.map((bundle) => bundle[0]?.id),
        );
        const cursor = new CopyCursor(copies);
        const copied = units.filter(() => cursor.take() !== null);
        assert.deepEqual(copied, expected.flat());

        // The same in portions, of which those that are copied as a whole are passed over.
        const begins = units.map((_, index) => copies.findIndex((copy) => copy.from === index));
        for (const size of [1, 2, 3, 5]) {
          const passing = new CopyCursor(copies);
          const found: number[] = [];
          for (let at = 0; at < units.length; at += size) {
            const count = Math.min(size, units.length - at);
            if (isAllCopied(copies, at, at + count)) {
              const passed = passing.pass(count);
              assert.ok(passed !== null);
              found.push(...passed.begun.map((copy) => copies.indexOf(copy)));
              assert.ok(passed.last.from < at + count && passed.last.to >= at + count);
              assert.equal(passed.ends, passed.last.to === at + count);
              continue;
            }
            for (let one = 0; one < count; one++) {
              const taken = passing.take();
              if (taken?.begins === true) found.push(copies.indexOf(taken.copy));
            }
          }
          assert.deepEqual(
            found,
            begins.filter((index) => index >= 0),
          );
        }
      },
    ),
  );
});

test('a small bundle stays only where nothing beside it is made anew', () => {
  const bundles = [1, 2, 3].map((id): Unit[] => [{ id, version: 0 }]);
  const lines = new Map(bundles.map((bundle) => [bundle[0]?.id, lineOf(bundle)]));
  const copiesOf = (last: number) => {
    const planner = new CopyPlanner({ startingAt: (page) => lines.get(page) });
    for (const id of [1, 2, 3]) planner.unit(id, 0, digestOf({ id, version: id === 3 ? last : 0 }));
    return planner.finish(100).map(({ line }) => line.firstPage);
  };
  assert.deepEqual(copiesOf(0), [1, 2, 3]);
  assert.deepEqual(copiesOf(1), [1]);
});
