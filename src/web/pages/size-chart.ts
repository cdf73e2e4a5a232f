import { scaleLinear } from 'd3-scale';
import { type Html, html } from '../../publish/pages/html.ts';
import { readableSize } from '../../publish/pages/sizes.ts';

const width = 640;
const height = 180;
const margin = { top: 24, right: 12, bottom: 26, left: 12 };

/** Bars of what each date takes on the disk, oldest first; the greatest and the last are labelled. The table has all. */
export function sizeChart(dates: readonly { readonly date: string; readonly bytes: number }[]): Html {
  const most = Math.max(1, ...dates.map((one) => one.bytes));
  const y = scaleLinear([0, most], [0, height - margin.top - margin.bottom]);
  const step = (width - margin.left - margin.right) / dates.length;
  const barWidth = Math.min(48, step * 0.7);
  const greatest = dates.findIndex((one) => one.bytes === most);
  const last = dates.length - 1;
  const base = height - margin.bottom;
  const middle = (index: number) => margin.left + step * (index + 0.5);
  const first = dates[0];
  const newest = dates[last];
  const sentence = `Size of the published files: ${readableSize(first?.bytes ?? 0)} on ${first?.date}, ${readableSize(newest?.bytes ?? 0)} on ${newest?.date}.`;
  return html`<figure><svg viewBox="0 0 ${width} ${height}" role="img" aria-label="${sentence}">
<line class="axis" x1="${margin.left}" x2="${width - margin.right}" y1="${base}" y2="${base}"/>
${dates.map((one, index) => {
  const tall = Math.max(1, y(one.bytes));
  const label =
    index === greatest || index === last
      ? html`<text x="${middle(index)}" y="${base - tall - 6}" text-anchor="middle">${readableSize(one.bytes)}</text>`
      : null;
  const name =
    index === 0 || index === last
      ? html`<text class="soft" x="${middle(index)}" y="${height - 8}" text-anchor="${index === 0 && last > 3 ? 'start' : index === last && last > 3 ? 'end' : 'middle'}">${one.date}</text>`
      : null;
  return html`<rect x="${(middle(index) - barWidth / 2).toFixed(1)}" y="${(base - tall).toFixed(1)}" width="${barWidth.toFixed(1)}" height="${tall.toFixed(1)}"/>${label}${name}`;
})}</svg><figcaption class="soft">${sentence}</figcaption></figure>`;
}
