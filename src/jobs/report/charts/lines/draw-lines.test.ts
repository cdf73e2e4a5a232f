import assert from 'node:assert/strict';
import { test } from 'node:test';
import { drawLines } from './draw-lines.ts';

const days = ['2026-11-08', '2026-11-15', '2026-11-22'] as const;

test('a line that is not drawn up to today says what it is now: too much, or nothing', () => {
  const line = (label: string, values: readonly (number | null)[]) => ({
    label,
    style: 'line',
    points: days.map((day, i) => [day, values[i] ?? null] as const),
  });
  const { body } = drawLines(
    {
      from: days[0],
      to: days[2],
      asOf: days[2],
      lines: [
        line('Nominal', [9, 12, 57]),
        line('Pessimistic', [13, null, null]),
        line('Optimistic', [5, 4, 3]),
      ],
      atMost: 14,
      height: { wide: 280, narrow: 260 },
    },
    'wide',
  );
  const said = [...String(body).matchAll(/>([A-Z][a-z]+imistic[^<]*|Nominal[^<]*)</g)].map(
    ([, text]) => text,
  );
  assert.deepEqual(said.toSorted(), ['Nominal: 57 now', 'Optimistic', 'Pessimistic: none now']);
});
