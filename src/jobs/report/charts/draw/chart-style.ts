const light = {
  paper: '#ffffff',
  ink: '#1a2029',
  soft: '#566070',
  grid: '#e6e9ee',
  zero: '#1a2029',
  accent: '#0b57a4',
  band: '#f1f4f8',
  good: '#00795a',
  bad: '#b44a00',
  // Blue, orange, green, sky, vermilion, purple, yellow; then the grey.
  fill: ['#0072b2', '#e69f00', '#009e73', '#56b4e9', '#d55e00', '#b4659a', '#e2cf2c', '#98a2ae'],
  tint: ['#9cc6e0', '#f5d99a', '#9bd8c7', '#c4e3f7', '#efbf9b', '#dfbfd3', '#f4ecac', '#d3d8de'],
  // One hue for what has an order, strongest first.
  step: ['#053b5e', '#0b5a8a', '#2f80b5', '#6aa9d2', '#a3cbe6', '#d2e5f3'],
};

const dark = {
  paper: '#181c22',
  ink: '#e7ebf0',
  soft: '#a4aebc',
  grid: '#2a313b',
  zero: '#e7ebf0',
  accent: '#8cc0ff',
  band: '#20262e',
  good: '#4fd1a5',
  bad: '#ff9f5c',
  fill: ['#3a94d0', '#e69f00', '#1fae86', '#7cc8f2', '#e2712a', '#c77fb0', '#e8d94a', '#7d8794'],
  tint: ['#1f4e6e', '#6e5212', '#15573f', '#3a6078', '#713a1a', '#634059', '#6f6826', '#434a54'],
  step: ['#d7ecfb', '#a5d2f2', '#71b3e2', '#4490c6', '#2a6c9c', '#1d4a6d'],
};

function variables(scheme: typeof light): string {
  const { fill, tint, step, ...named } = scheme;
  const lists = [
    ...fill.map((c, i) => `--f${i}:${c}`),
    ...tint.map((c, i) => `--t${i}:${c}`),
    ...step.map((c, i) => `--s${i}:${c}`),
  ];
  return [...Object.entries(named).map(([name, colour]) => `--${name}:${colour}`), ...lists].join(';');
}

const colours = [0, 1, 2, 3, 4, 5, 6, 7].map((i) => {
  const name = i === 7 ? 'other' : i;
  return `.fill-${name}{fill:var(--f${i})}.tint-${name}{fill:var(--t${i})}`;
});

/** How charts look, inside pages and as files of their own. Paper is always light. */
export const chartStyle = `.chart{${variables(light)};font:13px/1.2 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",sans-serif;font-variant-numeric:tabular-nums}
@media screen and (prefers-color-scheme:dark){.chart{${variables(dark)}}}
.chart text{fill:var(--ink);unicode-bidi:isolate}.chart .soft{fill:var(--soft)}.chart .strong{font-weight:650}.chart .end{text-anchor:end}.chart .mid{text-anchor:middle}
.chart .halo{paint-order:stroke;stroke:var(--paper);stroke-width:4px;stroke-linejoin:round}
.chart .grid{stroke:var(--grid);fill:none}.chart .zero{stroke:var(--zero);stroke-width:1.5;fill:none}.chart .tick{stroke:var(--soft)}
.chart .today{stroke:var(--accent);stroke-width:1.5;stroke-dasharray:3 3;fill:none}.chart .today-text{fill:var(--accent);font-weight:650}
.chart .edge{stroke:var(--paper);stroke-width:.75;stroke-linejoin:round}.chart .band{fill:var(--band)}
.chart .line{fill:none;stroke:var(--ink);stroke-width:2;stroke-linejoin:round;stroke-linecap:round}.chart .thin{stroke-width:1.25}.chart .dash{stroke-dasharray:5 4}.chart .dots{stroke-dasharray:1.5 4}
.chart .ink{fill:var(--ink)}.chart .paper{fill:var(--paper);stroke:var(--ink);stroke-width:1.75}.chart .accent{fill:var(--accent)}.chart .faint{fill:var(--soft);fill-opacity:.45}
.chart .s-accent{stroke:var(--accent)}.chart .s-soft{stroke:var(--soft)}.chart .s-good{stroke:var(--good)}.chart .s-bad{stroke:var(--bad)}.chart .f-good{fill:var(--good)}.chart .f-bad{fill:var(--bad)}
.chart .points{fill:none;stroke:var(--ink);stroke-opacity:.42;stroke-width:5px;stroke-linecap:round}
.chart .leader{stroke:var(--soft);fill:none;stroke-width:.75}
${colours.join('')}${[0, 1, 2, 3, 4, 5].map((i) => `.step-${i}{fill:var(--s${i})}`).join('')}`;
