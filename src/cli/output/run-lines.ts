import type { RunEvent, RunEventListener } from '../../control/run-event.ts';
import { durationText } from '../../core/duration-text.ts';
import type { Output } from './output.ts';
import { progressText } from './run-progress.ts';

/** A log is read later, not watched. */
const progressEveryMs = 30_000;

/** Tells what happens to runs in lines that name the run and the time: several processes may share the output. */
export class RunLines {
  readonly #out: Output;
  #progressAtMs = 0;

  constructor(out: Output) {
    this.#out = out;
  }

  readonly listen: RunEventListener = (event) => {
    if (event.type === 'progress') {
      if (event.at.getTime() - this.#progressAtMs < progressEveryMs) return;
      this.#progressAtMs = event.at.getTime();
    }
    const text = describeRunEvent(event);
    if (text === null && !this.#out.json) return;
    this.#out.line(
      'view' in event ? { ...event, view: undefined, state: event.view.state } : event,
      eventLine(event.at, event.run, text ?? ''),
    );
  };
}

/** `12:34:56 full-dump/frwiki/20261122 spool done, 1.2 s` (UTC). */
export function eventLine(at: Date, run: string, text: string): string {
  return `${at.toISOString().slice(11, 19)} ${run} ${text}`;
}

/** Null for what is only worth a line of JSON. */
export function describeRunEvent(event: RunEvent): string | null {
  switch (event.type) {
    case 'run-started':
      return `begins${event.view.epoch > 1 ? ` (epoch ${event.view.epoch})` : ''}`;
    case 'run-ended': {
      const { state, reason, error } = event.view;
      const why = error === undefined ? reason : `${error.code}: ${error.message}`;
      return `${state}${why === undefined ? '' : `: ${why}`}`;
    }
    case 'run-interrupted':
      return `interrupted: ${event.code}`;
    case 'stage-retrying':
      return `${event.stage} is tried again at ${event.retryAt.toISOString().slice(11, 19)} after ${event.error.code}: ${event.error.message}`;
    case 'stage-ended': {
      const why = event.error === undefined ? event.reason : `${event.error.code}: ${event.error.message}`;
      return `${event.stage} ${event.state}, ${durationText(event.durationMs)}${why === undefined ? '' : `: ${why}`}`;
    }
    case 'check-ended':
      return event.report.ok ? null : `${event.stage}: check ${event.report.name}: ${event.report.message}`;
    case 'piece-failed':
      return `${event.stage}: piece ${event.piece}: ${event.error.code}: ${event.error.message}`;
    case 'progress':
      return progressText(event.stage, event.progress).trim().replace(/ {2,}/g, ' ');
    default:
      return null;
  }
}
