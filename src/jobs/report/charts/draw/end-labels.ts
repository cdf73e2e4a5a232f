import { type Html, html } from '../../../../publish/pages/html.ts';
import { px } from './numbers.ts';
import { lineHeight, type Plot } from './size.ts';
import { spreadLabels } from './spread-labels.ts';
import { wrapText } from './text-width.ts';

/** Names of lines at their ends, right of the plot, with a thin line where one had to give way to another. */
export function endLabels(
  labels: readonly { readonly label: string; readonly end: readonly [number, number] }[],
  plot: Plot,
  width: number,
): Html {
  const texts = labels.map(({ label }) => wrapText(label, width - plot.right - 8, 2));
  const heights = texts.map((lines) => lines.length * lineHeight);
  const middles = spreadLabels(
    labels.map(({ end }, i) => ({ at: end[1], height: heights[i] ?? lineHeight })),
    plot.top - 8,
    plot.bottom + 6,
  );
  return html`${labels.map(({ end }, i) => {
    const y = middles[i] ?? 0;
    return html`${Math.abs(y - end[1]) > 6 && html`<path class="leader" d="M${px(end[0] + 2)},${px(end[1])}L${px(plot.right + 5)},${px(y)}"/>`}${texts[i]?.map((line, n) => html`<text x="${px(plot.right + 8)}" y="${px(y - (heights[i] ?? 0) / 2 + n * lineHeight + 12.5)}">${line}</text>`)}`;
  })}`;
}
