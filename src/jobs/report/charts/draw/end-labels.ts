import { type Html, html } from '../../../../publish/pages/html.ts';
import { px } from './numbers.ts';
import { lineHeight, type Plot } from './size.ts';
import { spreadLabels } from './spread-labels.ts';
import { fitText } from './text-width.ts';

/** Names of lines at their ends, right of the plot, with a thin line where one had to give way to another. */
export function endLabels(
  labels: readonly { readonly label: string; readonly end: readonly [number, number] }[],
  plot: Plot,
  width: number,
): Html {
  const middles = spreadLabels(
    labels.map(({ end }) => ({ at: end[1], height: lineHeight })),
    plot.top - 8,
    plot.bottom + 6,
  );
  return html`${labels.map(({ label, end }, i) => {
    const y = middles[i] ?? 0;
    return html`${Math.abs(y - end[1]) > 6 && html`<path class="leader" d="M${px(end[0] + 2)},${px(end[1])}L${px(plot.right + 5)},${px(y)}"/>`}<text x="${px(plot.right + 8)}" y="${px(y + 4.5)}">${fitText(label, width - plot.right - 8)}</text>`;
  })}`;
}
