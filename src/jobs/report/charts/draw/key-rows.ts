import { type Html, html } from '../../../../publish/pages/html.ts';
import { px } from './numbers.ts';
import { fitText, textWidth } from './text-width.ts';

export interface KeyEntry {
  readonly name: string;
  readonly fill: string;
}

const rowHeight = 20;

/** On a phone there is no room beside the chart: names stand above it, in the order from top to bottom. */
export function keyRows(
  entries: readonly KeyEntry[],
  width: number,
): { readonly body: Html; readonly height: number } {
  let [x, y] = [0, 14];
  const drawn = entries.map(({ name, fill }) => {
    const text = fitText(name, width - 18);
    const needed = 16 + textWidth(text);
    if (x > 0 && x + needed > width) [x, y] = [0, y + rowHeight];
    const at = x;
    x += needed + 10;
    return html`<rect class="${fill}" x="${px(at)}" y="${px(y - 10)}" width="10" height="10" rx="2"/><text x="${px(at + 15)}" y="${px(y)}">${text}</text>`;
  });
  return { body: html`${drawn}`, height: entries.length === 0 ? 0 : y + 10 };
}
