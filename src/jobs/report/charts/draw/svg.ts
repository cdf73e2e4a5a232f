import { type Html, html, rawHtml } from '../../../../publish/pages/html.ts';
import { chartStyle } from './chart-style.ts';
import type { Size } from './size.ts';

/** What a picture says to those who do not see it: its title and its sentence. */
export interface Spoken {
  readonly title: string;
  readonly sentence: string;
}

/** One drawing of a chart, for a page that has the charts' style. */
export function inlineSvg(size: Size, spoken: Spoken, body: Html): Html {
  return html`<svg class="chart ${size.layout}" viewBox="0 0 ${size.width} ${size.height}" role="img" aria-label="${label(spoken)}">${body}</svg>`;
}

/** The same as a file of its own. */
export function svgFile(size: Size, spoken: Spoken, body: Html): string {
  // Without its ground a chart saved from a light page could not be read on a dark one.
  return `<?xml version="1.0" encoding="UTF-8"?>\n${html`<svg xmlns="http://www.w3.org/2000/svg" class="chart" viewBox="0 0 ${size.width} ${size.height}" width="${size.width}" height="${size.height}" role="img" aria-label="${label(spoken)}">
<title>${spoken.title}</title><style>${rawHtml(chartStyle)}</style><rect width="100%" height="100%" style="fill:var(--paper)"/>${body}</svg>`}\n`;
}

function label({ title, sentence }: Spoken): string {
  return `${title}. ${sentence}`;
}
