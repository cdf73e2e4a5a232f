// A recording as one SVG that plays by itself, without script: frames are shown one after the other by CSS.
import { columns, rows } from './record-terminal.mjs';

const charWidth = 8.4;
const lineHeight = 18;
const margin = 16;
/** Of SGR: bright on dark, at least 4.5 to 1. */
const colors = {
  31: '#ff9dab',
  32: '#7ddba3',
  33: '#f2c572',
  34: '#93c5ff',
  35: '#e0b0ff',
  36: '#7fd8e0',
  90: '#a4aebc',
};

/** @param {import('./record-terminal.mjs').Frame[]} frames */
export function terminalSvg(frames) {
  const endMs = (frames.at(-1)?.atMs ?? 0) + 4_000;
  const width = Math.ceil(columns * charWidth + 2 * margin);
  const height = rows * lineHeight + 2 * margin;
  const parts = frames.map(({ atMs, lines }, i) => {
    const untilMs = frames[i + 1]?.atMs ?? endMs;
    const [from, to] = [atMs, untilMs].map((ms) => ((ms / endMs) * 100).toFixed(3));
    const isLast = i === frames.length - 1;
    // Where nothing moves (print, reduced motion) the last frame is the picture.
    const rule = `@keyframes f${i}{0%{visibility:${i === 0 ? 'visible' : 'hidden'}}${from}%{visibility:visible}${to}%,100%{visibility:${isLast ? 'visible' : 'hidden'}}}#f${i}{animation:f${i} ${endMs}ms step-end infinite}`;
    return { rule, group: `<g id="f${i}"${isLast ? '' : ' class="h"'}>${lines.map(textLine).join('')}</g>` };
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="A terminal in which Rota dumps a wiki and tells the state of the farm">
<style>text{font:14px ui-monospace,"DejaVu Sans Mono",Menlo,Consolas,monospace;fill:#e7ebf0;white-space:pre}.h{visibility:hidden}@media (prefers-reduced-motion:no-preference){${parts.map(({ rule }) => rule).join('')}}</style>
<rect width="100%" height="100%" rx="8" fill="#101317"/>
${parts.map(({ group }) => group).join('\n')}
</svg>
`;
}

/**
 * @param {string} line
 * @param {number} row
 */
function textLine(line, row) {
  if (line === '') return '';
  /** @type {string | undefined} */
  let color;
  let isBold = false;
  const spans = line.split(/(\x1b\[[\d;]*m)/).map((part) => {
    const codes = /^\x1b\[([\d;]*)m$/.exec(part)?.[1];
    if (codes === undefined) {
      if (part === '') return '';
      const style = `${color === undefined ? '' : ` fill="${color}"`}${isBold ? ' font-weight="700"' : ''}`;
      return style === '' ? escaped(part) : `<tspan${style}>${escaped(part)}</tspan>`;
    }
    for (const code of codes === '' ? ['0'] : codes.split(';')) {
      if (code === '0' || code === '39') color = undefined;
      if (code === '0' || code === '22') isBold = false;
      if (code === '1') isBold = true;
      if (Object.hasOwn(colors, code)) color = colors[/** @type {keyof typeof colors} */ (Number(code))];
    }
    return '';
  });
  const y = margin + row * lineHeight + 14;
  return `<text x="${margin}" y="${y}">${spans.join('')}</text>`;
}

/** @param {string} text */
function escaped(text) {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
