import { type Html, html } from '../../../../publish/pages/html.ts';
import { inlineSvg } from '../../charts/draw/svg.ts';
import type { Figure } from '../../charts/figure.ts';
import { tableHtml } from './table-html.ts';

/** More rows are in the file only; the newest come last in every figure's table. */
const mostRows = 26;

/** A figure with its sentence, its table and links to its files; its title is a heading of the level. */
export function figureHtml(figure: Figure, level: 2 | 3 = 3): Html {
  const { wide, narrow } = figure.drawings;
  const rows = figure.table.rows.slice(-mostRows);
  const left = figure.table.rows.length - rows.length;
  return html`<figure id="${figure.name}">
<figcaption>${level === 2 ? html`<h2>${figure.title}</h2>` : html`<h3>${figure.title}</h3>`}<p>${figure.sentence}</p></figcaption>
${inlineSvg(wide.size, figure, wide.body)}
${inlineSvg(narrow.size, figure, narrow.body)}
<div class="files"><a href="data/${figure.name}.csv" aria-label="${figure.title}, data as CSV">CSV</a><a href="charts/${figure.name}.svg" aria-label="${figure.title}, chart as SVG">SVG</a>
<details><summary>Table</summary>${tableHtml({ table: { ...figure.table, rows }, label: figure.title })}${left > 0 && html`<p class="soft">The last ${mostRows} rows; ${left} more are in the CSV.</p>`}</details></div>
</figure>`;
}
