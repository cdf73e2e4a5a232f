import type { Progress } from '../../control/store/run-view.ts';
import { type Html, html } from '../../publish/pages/html.ts';
import { readableSize } from '../../publish/pages/sizes.ts';

/** A point in time for people, in UTC, to the minute; programs read it to the millisecond. */
export function time(at: Date | undefined | null): Html {
  if (at === undefined || at === null) return html`<span class="soft">–</span>`;
  const iso = at.toISOString();
  return html`<time datetime="${iso}">${iso.slice(0, 10)} ${iso.slice(11, 16)}</time>`;
}

/** `2 h 05 min`, `3 min 20 s`, `12 s`, `30 ms`. */
export function duration(ms: number): string {
  if (ms < 1000) return `${Math.max(0, Math.round(ms))} ms`;
  const seconds = Math.round(ms / 1000);
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min ${seconds % 60} s`;
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return `${hours} h ${String(minutes % 60).padStart(2, '0')} min`;
  return `${Math.floor(hours / 24)} days`;
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
    etaMs === undefined ? null : `${duration(etaMs)} left`,
  ].filter((text) => text !== null);
  const counted = `${done.toLocaleString('en')} of ${total.toLocaleString('en')} ${unit}`;
  return html`<div class="progress"><progress max="${Math.max(1, total)}" value="${done}" aria-label="${stage}">${counted}</progress>
<span>${stage}: ${total > 0 ? counted : unit}${speeds.map((text) => html` · ${text}`)}</span></div>`;
}

export function runLink(id: string, text: string = id): Html {
  return html`<a href="/runs/${id}">${text}</a>`;
}
