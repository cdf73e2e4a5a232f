import type { Clock } from '../../core/clock.ts';
import { durationText } from '../../core/duration-text.ts';
import type { OutputStream } from '../io.ts';
import { printable } from '../output/table.ts';

const redrawMs = 200;

/** How far a load is: a line that is redrawn on a terminal; elsewhere only the last one. */
export class LoadMeter implements Disposable {
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

  show(done: number, total: number): void {
    const now = this.#clock.monotonicMs();
    if (this.#stream.isTTY !== true || now - this.#drawnMs < redrawMs) return;
    this.#drawnMs = now;
    this.#isDrawn = true;
    const share = total === 0 ? 0 : Math.floor((done / total) * 100);
    this.#stream.write(`\r\x1b[K${printable(`rota: reading ${this.#name}: ${share} %`)}`);
  }

  end(what: string): void {
    this.#clear();
    const took = durationText(this.#clock.monotonicMs() - this.#startMs);
    this.#stream.write(`${printable(`rota: ${this.#name}: ${what}, read in ${took}`)}\n`);
  }

  [Symbol.dispose](): void {
    this.#clear();
  }

  #clear(): void {
    if (this.#isDrawn) this.#stream.write('\r\x1b[K');
    this.#isDrawn = false;
  }
}
