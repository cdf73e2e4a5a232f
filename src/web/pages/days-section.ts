import { type Html, html } from '../../publish/pages/html.ts';
import { readableSize } from '../../publish/pages/sizes.ts';
import { chip } from './words.ts';

/** A day of a wiki's changes; one that has a mark and no dump is missing. */
export interface ShownDay {
  readonly date: string;
  readonly state: 'done' | 'done-with-errors' | 'baseline' | 'missing';
  readonly revisions: number;
  readonly bytes: number;
}

/** A month, and what is missing before it. */
const shownDays = 31;

/** Changes day by day, newest first. `folder` ends without a slash. */
export function daysSection(days: readonly ShownDay[], folder: string): Html | null {
  if (days.length === 0) return null;
  const missing = days.filter(({ state }) => state === 'missing').map(({ date }) => date);
  return html`<section><h2>Changes day by day</h2>
${missing.length === 0 ? null : html`<p class="notice">Missing: ${missing.join(', ')}. <code>rota changes catch-up</code> dumps them.</p>`}
<div class="scroll" tabindex="0" role="region" aria-label="Changes day by day"><table><thead><tr><th scope="col">date</th><th scope="col">state</th><th scope="col" class="number">new revisions</th><th scope="col" class="number">size</th></tr></thead>
<tbody>${days
    .slice(0, shownDays)
    .map(({ date, state, revisions, bytes }) =>
      state === 'missing'
        ? html`<tr><th scope="row">${date}</th><td>${chip('missing')}</td><td class="number">–</td><td class="number">–</td></tr>`
        : html`<tr><th scope="row"><a href="${folder}/${date}/">${date}</a></th><td>${chip(state)}</td><td class="number">${revisions.toLocaleString('en')}</td><td class="number">${readableSize(bytes)}</td></tr>`,
    )}</tbody></table></div>
${days.length <= shownDays ? null : html`<p><a href="${folder}/">All ${days.length} days</a></p>`}</section>`;
}
