import type { Clock } from '../../core/clock.ts';
import type { ExportProgress } from '../../dumping/stream/export-stream.ts';
import type { OutputStream } from '../io.ts';
import { printable } from './table.ts';

const redrawMs = 200;

/** One line on standard error that is redrawn on a terminal; elsewhere only the remarks and the last line. */
export class ExportMeter implements Disposable {
  readonly #stream: OutputStream;
  readonly #clock: Clock;
  readonly #name: string;
  readonly #startMs: number;
  #drawnMs = 0;
  #isDrawn = false;

  constructor(stream: OutputStream, clock: Clock, name: string) {
    this.#stream = stream;
    this.#clock = clock;
    this.#name = name;
    this.#startMs = clock.monotonicMs();
  }

  show(progress: ExportProgress): void {
    if (this.#stream.isTTY !== true || this.#clock.monotonicMs() - this.#drawnMs < redrawMs) return;
    this.#drawnMs = this.#clock.monotonicMs();
    this.#stream.write(`\r\x1b[K${this.#line(progress)}`);
    this.#isDrawn = true;
  }

  remark(text: string): void {
    this.#clear();
    this.#stream.write(`rota: ${printable(text)}\n`);
  }

  end(progress: ExportProgress): void {
    this.#clear();
    this.#stream.write(`${this.#line(progress)}\n`);
  }

  [Symbol.dispose](): void {
    this.#clear();
  }

  #clear(): void {
    if (this.#isDrawn) this.#stream.write('\r\x1b[K');
    this.#isDrawn = false;
  }

  #line({ revisions, rawBytes }: ExportProgress): string {
    const seconds = Math.max(0.001, (this.#clock.monotonicMs() - this.#startMs) / 1000);
    const rate = `${Math.round(revisions / seconds)}/s`;
    const megabytes = (rawBytes / 1e6).toFixed(1);
    return `${this.#name}: ${revisions} items (${rate}), ${megabytes} MB (${(rawBytes / 1e6 / seconds).toFixed(1)} MB/s), ${seconds.toFixed(1)} s`;
  }
}
