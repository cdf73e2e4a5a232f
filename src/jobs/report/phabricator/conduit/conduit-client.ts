import type { Clock } from '../../../../core/clock.ts';
import { RotaError } from '../../../../core/errors/rota-error.ts';
import type { Log } from '../../../../core/log.ts';
import type { Secret } from '../../../../core/secret.ts';

export interface ConduitOptions {
  /** Of the tracker, without `/api/`. */
  readonly url: string;
  readonly token: Secret;
  readonly requestsPerSecond: number;
  /** How often a call is tried; 6 when left out. */
  readonly tries?: number;
  readonly clock: Clock;
  readonly log: Log;
}

type Parameters = Readonly<Record<string, unknown>>;

const defaultTries = 6;
const firstDelayMs = 1000;
const requestDeadlineMs = 120_000;

/** Calls the tracker's API, no faster than agreed; what may pass is tried again. */
export class ConduitClient {
  readonly #options: ConduitOptions;
  #nextMs = 0;

  constructor(options: ConduitOptions) {
    this.#options = options;
  }

  /** @throws RotaError TRACKER_REFUSED for the tracker's own errors, TRACKER_UNREACHABLE when it stays away */
  async call(method: string, parameters: Parameters, signal: AbortSignal): Promise<unknown> {
    const { clock, log, tries = defaultTries } = this.#options;
    let delayMs = firstDelayMs;
    for (let left = tries - 1; ; left -= 1) {
      await this.#pace(signal);
      const answer = await this.#post(method, parameters, signal);
      if (answer.kind === 'result') return answer.result;
      if (left === 0) throw this.#unreachable(method, answer.why);
      const waitMs = answer.retryAfterMs ?? delayMs;
      log.warn({ method, why: answer.why, waitMs }, 'the tracker is asked again');
      await clock.sleep(waitMs, signal);
      delayMs *= 2;
    }
  }

  async #pace(signal: AbortSignal): Promise<void> {
    const { clock, requestsPerSecond } = this.#options;
    const waitMs = this.#nextMs - clock.monotonicMs();
    if (waitMs > 0) await clock.sleep(waitMs, signal);
    this.#nextMs = clock.monotonicMs() + 1000 / requestsPerSecond;
  }

  async #post(
    method: string,
    parameters: Parameters,
    signal: AbortSignal,
  ): Promise<
    | { readonly kind: 'result'; readonly result: unknown }
    | { readonly kind: 'again'; readonly why: string; readonly retryAfterMs: number | null }
  > {
    const { url, token } = this.#options;
    const body = new URLSearchParams(flatten({ ...parameters, 'api.token': token.reveal() }));
    const again = (why: string, retryAfterMs: number | null = null) =>
      ({ kind: 'again', why, retryAfterMs }) as const;
    let response: Response;
    let text: string;
    try {
      const limit = AbortSignal.any([signal, AbortSignal.timeout(requestDeadlineMs)]);
      response = await fetch(`${url}/api/${method}`, { method: 'POST', body, signal: limit });
      text = await response.text();
    } catch (error) {
      signal.throwIfAborted();
      const { cause, message } = error as Error;
      return again(cause instanceof Error ? cause.message : message);
    }
    if (response.status === 429 || response.status >= 500) {
      const after = Number(response.headers.get('retry-after') ?? Number.NaN);
      return again(`it answered ${response.status}`, Number.isFinite(after) ? after * 1000 : null);
    }
    let answer: { readonly error_code?: unknown; readonly error_info?: unknown; readonly result?: unknown };
    try {
      answer = JSON.parse(text);
    } catch {
      // A page of a proxy, or an answer that broke off.
      return again(`it answered ${response.status} with something that is no JSON`);
    }
    if (answer.error_code === null || answer.error_code === undefined) {
      return { kind: 'result', result: answer.result };
    }
    throw new RotaError(
      'TRACKER_REFUSED',
      `${new URL(url).host} refused ${method}: ${answer.error_code}: ${String(answer.error_info).slice(0, 300)}`,
    );
  }

  #unreachable(method: string, why: string): RotaError {
    const { url, tries = defaultTries } = this.#options;
    const often = tries === 1 ? '' : ` in ${tries} tries`;
    return new RotaError(
      'TRACKER_UNREACHABLE',
      `${new URL(url).host} did not answer ${method}${often}: ${why}`,
    );
  }
}

/** As PHP wants nested parameters: `constraints[ids][0]=7`. */
function flatten(parameters: Parameters): [string, string][] {
  const pairs: [string, string][] = [];
  const add = (name: string, value: unknown): void => {
    if (value === null || value === undefined) return;
    if (typeof value !== 'object') pairs.push([name, String(value)]);
    else for (const [key, inner] of Object.entries(value)) add(`${name}[${key}]`, inner);
  };
  for (const [name, value] of Object.entries(parameters)) add(name, value);
  return pairs;
}
