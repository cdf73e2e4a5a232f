import { inspect } from 'node:util';

/**
 * A password or token on its way to where it is used. Whatever prints it (a string, JSON, `util.inspect`, a log) prints
 * `[secret]`; only {@link Secret.reveal} gives it away, and only adapters call that.
 */
export class Secret {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
  }

  /** The secret itself: for the connection that needs it, never for a message or a command line. */
  reveal(): string {
    return this.#value;
  }

  toString(): string {
    return '[secret]';
  }

  toJSON(): string {
    return '[secret]';
  }

  [inspect.custom](): string {
    return '[secret]';
  }
}
