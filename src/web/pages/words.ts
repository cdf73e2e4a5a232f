import type { Progress } from '../../control/store/run-view.ts';
import { durationText } from '../../core/duration-text.ts';
import { type Html, html } from '../../publish/pages/html.ts';
import { readableSize } from '../../publish/pages/sizes.ts';

/** A point in time for people, in UTC, to the minute; programs read it to the millisecond. */
export function time(at: Date | undefined | null): Html {
  if (at === undefined || at === null) return html`<span class="soft">–</span>`;
  const iso = at.toISOString();
  return html`<time datetime="${iso}">${iso.slice(0, 10)} ${iso.slice(11, 16)}</time>`;
}

export function chip(state: string): Html {
  return html`<span class="chip ${state}">${state}</span>`;
}

/** A bar with the same in words, for who cannot see it. */
export function progressBar(progress: Progress & { readonly stage: string }): Html {
  const { done, total, unit, stage, revisionsPerSecond, bytesPerSecond, etaMs } = progress;
  const speeds = [
    revisionsPerSecond === undefined
      ? null
      : `${Math.round(revisionsPerSecond).toLocaleString('en')} revisions/s`,
    bytesPerSecond === undefined ? null : `${readableSize(bytesPerSecond)}/s`,
    etaMs === undefined ? null : `${durationText(etaMs)} left`,
  ].filter((text) => text !== null);
  const counted = `${done.toLocaleString('en')} of ${total.toLocaleString('en')} ${unit}`;
  return html`<div class="progress"><progress max="${Math.max(1, total)}" value="${done}" aria-label="${stage}">${counted}</progress>
<span>${stage}: ${total > 0 ? counted : unit}${speeds.map((text) => html` · ${text}`)}</span></div>`;
}

export function runLink(id: string, text: string = id): Html {
  return html`<a href="/runs/${id}">${text}</a>`;
}
