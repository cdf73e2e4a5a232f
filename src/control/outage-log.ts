import { isRotaError } from '../core/errors/rota-error.ts';
import type { Log } from '../core/log.ts';

/**
 * A log for loops that ask the run store again and again: that it does not answer is told once, and once more when it does.
 * What they say of it in between is for the level `debug`.
 */
export class OutageLog implements Log {
  readonly #log: Log;
  #isAway = false;

  constructor(log: Log) {
    this.#log = log;
  }

  debug(facts: object, message: string): void {
    this.#log.debug(facts, message);
  }

  info(facts: object, message: string): void {
    this.#log.info(facts, message);
  }

  warn(facts: object, message: string): void {
    this.#tell('warn', facts, message);
  }

  error(facts: object, message: string): void {
    this.#tell('error', facts, message);
  }

  /** To be called when the store has answered. */
  answered(): void {
    if (!this.#isAway) return;
    this.#isAway = false;
    this.#log.info({}, 'the run store answers again');
  }

  #tell(level: 'warn' | 'error', facts: object, message: string): void {
    const isOutage = 'err' in facts && isRotaError(facts.err, 'STORE_UNAVAILABLE');
    this.#log[isOutage && this.#isAway ? 'debug' : level](facts, message);
    this.#isAway ||= isOutage;
  }
}
