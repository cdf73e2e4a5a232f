import { type Html, html } from '../../../../publish/pages/html.ts';
import { px } from './numbers.ts';
import { lineHeight, type Plot } from './size.ts';
import { spreadLabels } from './spread-labels.ts';
import { wrapText } from './text-width.ts';

export interface SideLabel {
  /** Where it belongs. */
  readonly at: number;
  readonly name: string;
  /** A second, softer line: the value. */
  readonly value: string;
  /** The class of its swatch. */
  readonly fill: string;
}

/** The room that labels beside a chart take. */
export const sideLabelWidth = 210;

/** Labels at the right of what they name, with a thin line to it where they had to move. */
export function sideLabels(labels: readonly SideLabel[], plot: Plot, top: number, bottom: number): Html {
  const most = Math.floor((bottom - top) / (3 * lineHeight)) >= labels.length ? 2 : 1;
  const texts = labels.map((label) => wrapText(label.name, sideLabelWidth - 44, most));
  const heights = texts.map((lines) => (lines.length + 1) * lineHeight + 4);
  const middles = spreadLabels(
    labels.map(({ at }, i) => ({ at, height: heights[i] ?? 0 })),
    top,
    bottom,
  );
  const x = plot.right;
  const drawn = labels.map((label, i) => {
    const middle = middles[i] ?? 0;
    const lines = [...(texts[i] ?? []), label.value];
    const first = middle - (heights[i] ?? 0) / 2 + 14;
    return html`<path class="leader" d="M${px(x + 3)},${px(label.at)}H${px(x + 7)}L${px(x + 17)},${px(middle)}H${px(x + 21)}"/><rect class="${label.fill}" x="${px(x + 24)}" y="${px(first - 10)}" width="10" height="10" rx="2"/>${lines.map(
      (line, n) =>
        html`<text${n === lines.length - 1 && html` class="soft"`} x="${px(x + 40)}" y="${px(first + n * lineHeight - 0.5)}">${line}</text>`,
    )}`;
  });
  return html`${drawn}`;
}
