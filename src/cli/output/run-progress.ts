import type { RunEvent } from '../../control/run-event.ts';
import type { Progress } from '../../control/store/run-view.ts';
import { durationText } from '../../core/duration-text.ts';
import type { OutputStream } from '../io.ts';
import { bytesText } from './quantities.ts';
import { printable } from './table.ts';

const barChars = 20;
/** Off a terminal progress is told this often: a log is read later, not watched. */
const tellEveryMs = 10_000;

export interface RunProgressOptions {
  readonly stream: OutputStream;
  readonly json: boolean;
  readonly color: boolean;
}

/**
 * Tells people what a run is doing: on a terminal one line a stage and, below, the one under way with a bar, speed and
 * time left; elsewhere one plain line an event; with --json one line of JSON an event.
 */
export class RunProgress implements Disposable {
  readonly #options: RunProgressOptions;
  readonly #isTerminal: boolean;
  #isDrawn = false;
  #toldAtMs = 0;

  constructor(options: RunProgressOptions) {
    this.#options = options;
    this.#isTerminal = options.stream.isTTY === true && !options.json;
  }

  readonly listen = (event: RunEvent): void => {
    if (this.#options.json) {
      this.#tellJson(event);
      return;
    }
    if (event.type === 'progress') this.#progress(event.stage, event.progress, event.at);
    else {
      const line = describeEvent(event, this.#options.color);
      if (line !== null) this.#line(line);
    }
  };

  [Symbol.dispose](): void {
    this.#clear();
  }

  #tellJson(event: RunEvent): void {
    if (event.type === 'progress' && event.at.getTime() - this.#toldAtMs < tellEveryMs) return;
    if (event.type === 'progress') this.#toldAtMs = event.at.getTime();
    this.#options.stream.write(`${JSON.stringify(event)}\n`);
  }

  #progress(stage: string, progress: Progress, at: Date): void {
    const text = progressText(stage, progress);
    if (this.#isTerminal) {
      const width = Math.max(20, (this.#options.stream.columns || 80) - 1);
      this.#options.stream.write(`\r\x1b[K${printable(text).slice(0, width)}`);
      this.#isDrawn = true;
    } else if (at.getTime() - this.#toldAtMs >= tellEveryMs) {
      this.#toldAtMs = at.getTime();
      this.#line(text);
    }
  }

  #line(text: string): void {
    this.#clear();
    this.#options.stream.write(`${text}\n`);
  }

  #clear(): void {
    if (this.#isDrawn) this.#options.stream.write('\r\x1b[K');
    this.#isDrawn = false;
  }
}

function describeEvent(event: Exclude<RunEvent, { type: 'progress' }>, color: boolean): string | null {
  switch (event.type) {
    case 'run-started':
      return `${event.run}${event.view.epoch > 1 ? ` (epoch ${event.view.epoch})` : ''}`;
    case 'stage-kept':
      return paint(`  = ${event.stage.padEnd(10)} ${event.state} before`, dim, color);
    case 'stage-retrying':
      return paint(
        printable(
          `  ~ ${event.stage.padEnd(10)} ${event.error.code}: ${event.error.message}; tried again at ${event.retryAt.toISOString()}`,
        ),
        yellow,
        color,
      );
    case 'stage-ended':
      return stageEnded(event, color);
    case 'piece-failed':
      return paint(
        printable(`  ~ piece ${event.piece}: ${event.error.code}: ${event.error.message}`),
        yellow,
        color,
      );
    case 'run-ended':
      return null;
    case 'run-interrupted':
      return paint(`  ! interrupted: ${event.code}`, yellow, color);
    case 'check-ended':
      return event.report.ok
        ? null
        : paint(printable(`  ! check ${event.report.name}: ${event.report.message}`), yellow, color);
    default:
      return null;
  }
}

function stageEnded(event: Extract<RunEvent, { type: 'stage-ended' }>, color: boolean): string {
  const time = durationText(event.durationMs);
  const said = event.error === undefined ? event.reason : `${event.error.code}: ${event.error.message}`;
  const text = printable(
    `${event.stage.padEnd(10)} ${event.state}, ${time}${said === undefined ? '' : `: ${said}`}`,
  );
  if (event.state === 'done' || event.state === 'skipped') return `  ${paint('✓', green, color)} ${text}`;
  if (event.state === 'failed') return `  ${paint(`✗ ${text}`, red, color)}`;
  return `  ${paint(`! ${text}`, yellow, color)}`;
}

/** `content ██████░░░░ 61% 122,000/200,000 revisions 24,100/s 421 MB/s 3 s left` */
export function progressText(stage: string, progress: Progress): string {
  const { done, total, unit } = progress;
  const share = total > 0 ? Math.min(1, done / total) : 0;
  const full = Math.round(share * barChars);
  const parts = [
    `  ${stage.padEnd(10)}`,
    ...(total > 0
      ? [`${'█'.repeat(full)}${'░'.repeat(barChars - full)}`, `${Math.floor(share * 100)}%`]
      : []),
    total > 0 ? `${grouped(done)}/${grouped(total)} ${unit}` : `${grouped(done)} ${unit}`,
    ...(progress.revisionsPerSecond === undefined
      ? []
      : [`${grouped(Math.round(progress.revisionsPerSecond))}/s`]),
    ...(progress.bytesPerSecond ? [`${bytesText(progress.bytesPerSecond)}/s`] : []),
    ...(progress.etaMs === undefined || total === 0 ? [] : [`${durationText(progress.etaMs)} left`]),
    ...(progress.text === undefined ? [] : [progress.text]),
  ];
  return parts.join(' ');
}

function grouped(count: number): string {
  return String(Math.round(count)).replace(/\B(?=(\d{3})+$)/g, ',');
}

const green = 32;
const red = 31;
const yellow = 33;
const dim = 2;

function paint(text: string, code: number, color: boolean): string {
  return color ? `\x1b[${code}m${text}\x1b[0m` : text;
}
