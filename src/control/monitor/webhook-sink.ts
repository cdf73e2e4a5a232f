import type { Clock } from '../../core/clock.ts';
import { RotaError } from '../../core/errors/rota-error.ts';
import type { Alert, AlertSink } from './alert.ts';

export interface WebhookOptions {
  readonly name: string;
  /** Often a secret in itself: it is never shown. */
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly clock: Clock;
  /** For one try; default 10 s. */
  readonly timeoutMs?: number;
  /** Default 3. */
  readonly tries?: number;
  /** Before the second try, doubling; default 1 s. */
  readonly backoffMs?: number;
}

/** Posts the alert as JSON: `{key, kind, title, text, at, run}`. */
export class WebhookSink implements AlertSink {
  readonly name: string;
  readonly #o: WebhookOptions;

  constructor(options: WebhookOptions) {
    this.name = options.name;
    this.#o = options;
  }

  async send(alert: Alert, signal: AbortSignal): Promise<void> {
    const tries = this.#o.tries ?? 3;
    for (let tryNumber = 1; ; tryNumber++) {
      const problem = await this.#post(alert, signal);
      if (problem === undefined) return;
      signal.throwIfAborted();
      if (problem.final || tryNumber >= tries) {
        throw new RotaError(
          'ALERT_FAILED',
          `The webhook ${this.name} did not take an alert: ${problem.text}`,
          {
            facts: { sink: this.name, alert: alert.key },
          },
        );
      }
      await this.#o.clock.sleep((this.#o.backoffMs ?? 1_000) * 2 ** (tryNumber - 1), signal);
    }
  }

  async #post(alert: Alert, signal: AbortSignal): Promise<{ text: string; final: boolean } | undefined> {
    let headers: Headers;
    try {
      headers = new Headers({ 'content-type': 'application/json', ...this.#o.headers });
    } catch {
      // The complaint quotes what is most secret.
      return { text: 'its token has characters that no header may have', final: true };
    }
    try {
      const response = await fetch(this.#o.url, {
        method: 'POST',
        headers,
        body: JSON.stringify(alert),
        redirect: 'error',
        signal: AbortSignal.any([signal, AbortSignal.timeout(this.#o.timeoutMs ?? 10_000)]),
      });
      await response.body?.cancel();
      if (response.ok) return undefined;
      // What it says about the request will not change; what it says about itself may.
      const final =
        response.status >= 400 && response.status < 500 && response.status !== 429 && response.status !== 408;
      return { text: `it answered ${response.status}`, final };
    } catch (error) {
      const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
      return { text: cause instanceof Error ? cause.message : String(cause), final: false };
    }
  }
}
