import { html } from '../../../../publish/pages/html.ts';
import type { BackTest, Coverage } from '../../forecast/monte-carlo/back-test.ts';
import type { Unit } from '../../model/series.ts';
import { percent, px, quantity, unitName } from '../draw/numbers.ts';
import { type Layout, sizeOf } from '../draw/size.ts';
import type { Drawing, Figure } from '../figure.ts';

/** How often the forecasts of past weeks were kept, beside how often they should have been. */
export function backTestChart(test: BackTest, unit: Unit): Figure {
  return {
    name: `back-test-${unit}`,
    title: `How often such forecasts were kept in the past, by ${unitName(unit)}`,
    sentence: backTestSentence(test),
    drawings: { wide: draw(test, 'wide'), narrow: draw(test, 'narrow') },
    table: {
      columns: [
        { key: 'scope', title: 'Forecast', kind: 'text' },
        { key: 'promised', title: 'Promised', kind: 'text' },
        { key: 'kept', title: 'Kept', kind: 'number' },
        { key: 'due', title: 'Due', kind: 'number' },
        { key: 'pending', title: 'Pending or without date', kind: 'number' },
        { key: 'interval', title: '95 % interval', kind: 'text' },
      ],
      rows: (['fixed', 'changing'] as const).flatMap((kind) =>
        test[kind].map((c) => [
          kind === 'fixed' ? 'as much as was open then' : 'nothing open any more',
          percent(c.share),
          c.kept,
          c.due,
          c.pending,
          c.interval === null ? null : `${percent(c.interval[0])} to ${percent(c.interval[1])}`,
        ]),
      ),
    },
  };
}

export function backTestSentence(test: BackTest): string {
  if (test.made === 0) return 'There are too few past weeks to try the forecast on.';
  const at85 = test.fixed.find((coverage) => coverage.share === 0.85);
  const due =
    at85 === undefined || at85.due === 0
      ? 'none has come due yet'
      : `of those that promised 85 %, ${percent(at85.kept / at85.due)} were kept (${quantity(at85.kept)} of ${quantity(at85.due)} due)`;
  return `${quantity(test.made)} past weeks were forecast again with only what was known then; ${due}. A dashed mark is what was promised, a dot what was kept, its line the ${percent(0.95)} interval.`;
}

function draw(test: BackTest, layout: Layout): Drawing {
  const wide = layout === 'wide';
  const size = sizeOf(layout, { wide: 190, narrow: 190 });
  const [left, right] = [wide ? 150 : 92, size.width - (wide ? 190 : 92)];
  const x = (share: number) => left + share * (right - left);
  const rows = test.fixed.map((coverage: Coverage, i) => {
    const y = 36 + i * 32;
    const promised = html`<path class="today" d="M${px(x(coverage.share))},${y - 12}v24"/>`;
    const name = html`<text x="0" y="${y + 4.5}">${percent(coverage.share)}${wide && ' promised'}</text>`;
    if (coverage.interval === null)
      return html`${name}${promised}<text class="soft" x="${px(right + 14)}" y="${y + 4.5}">none due</text>`;
    const [low, high] = coverage.interval;
    const kept = coverage.kept / coverage.due;
    return html`${name}<path class="line s-soft" d="M${px(x(low))},${y}H${px(x(high))}"/>${promised}<circle class="ink" cx="${px(x(kept))}" cy="${y}" r="5"/><text class="soft" x="${px(right + 14)}" y="${y + 4.5}">${percent(kept)}${wide && ` of ${quantity(coverage.due)} due`}</text>`;
  });
  const axis = [0, 0.25, 0.5, 0.75, 1].map(
    (share) =>
      html`<path class="grid" d="M${px(x(share))},18V150"/><text class="soft mid" x="${px(x(share))}" y="172">${percent(share)}</text>`,
  );
  return { size, body: html`${axis}${rows}` };
}
