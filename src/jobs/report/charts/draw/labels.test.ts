import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { spreadLabels } from './spread-labels.ts';
import { fitText, textWidth, wrapText } from './text-width.ts';

const label = fc.record({ at: fc.integer({ min: -50, max: 450 }), height: fc.integer({ min: 10, max: 50 }) });

test('labels never overlap and stay inside while there is room', () => {
  fc.assert(
    fc.property(fc.array(label, { minLength: 1, maxLength: 8 }), (labels) => {
      const middles = spreadLabels(labels, 0, 400);
      const spans = labels
        .map(({ height }, i) => [(middles[i] ?? 0) - height / 2, (middles[i] ?? 0) + height / 2] as const)
        .sort((a, b) => a[0] - b[0]);
      spans.forEach(([top, bottom], i) => {
        assert.ok(top >= -1e-6 && bottom <= 400 + 1e-6, `${top} to ${bottom}`);
        assert.ok(i === 0 || top >= (spans[i - 1]?.[1] ?? 0) - 1e-6);
      });
    }),
  );
});

test('labels that do not touch stay where they belong, and those that do keep their order', () => {
  const apart = [
    { at: 300, height: 20 },
    { at: 50, height: 20 },
  ];
  assert.deepEqual(spreadLabels(apart, 0, 400), [300, 50]);
  const close = [
    { at: 101, height: 20 },
    { at: 100, height: 20 },
    { at: 100, height: 20 },
  ];
  const [last, first, second] = spreadLabels(close, 0, 400);
  assert.ok((first ?? 0) < (second ?? 0) && (second ?? 0) < (last ?? 0));
  // As a block they stand around the middle of what they want.
  assert.ok(Math.abs((second ?? 0) - 100.33) < 0.5);
});

test('cut text fits, ends with an ellipsis and cuts no character in two', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: 'grapheme', maxLength: 60 }),
      fc.integer({ min: 20, max: 300 }),
      (text, width) => {
        const fitted = fitText(text, width);
        assert.ok(fitted === text || fitted.endsWith('…'));
        assert.ok(fitted === '…' || textWidth(fitted) <= width);
        assert.ok(fitted.isWellFormed() || !text.isWellFormed());
      },
    ),
  );
  assert.equal(fitText('Family 👨‍👩‍👧‍👦 names', 75).includes('\u200D…'), false);
});

test('wrapped text keeps all words that fit in its lines', () => {
  assert.deepEqual(wrapText('Interrupts and unplanned work', 120, 2), ['Interrupts and', 'unplanned work']);
  assert.deepEqual(wrapText('Short', 120, 2), ['Short']);
  const cut = wrapText('A title of very many words that go on and on', 90, 2);
  assert.equal(cut.length, 2);
  assert.ok(cut.every((line) => textWidth(line) <= 90) && cut[1]?.endsWith('…'));
});
