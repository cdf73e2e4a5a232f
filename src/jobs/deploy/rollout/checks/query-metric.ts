import type { MetricProbe } from '../../../../config/environment-checks-config.ts';
import { RotaError } from '../../../../core/errors/rota-error.ts';
import { filled } from './filled.ts';

/**
 * Asks a Prometheus server for one number; null where it knows none.
 * @throws RotaError CHECK_FAILED where the server does not answer as one
 */
export async function queryMetric(
  probe: Pick<MetricProbe, 'url' | 'query'>,
  about: { readonly host: string; readonly version: string },
  signal: AbortSignal,
): Promise<number | null> {
  const url = new URL(`${probe.url.replace(/\/$/, '')}/api/v1/query`);
  url.searchParams.set('query', filled(probe.query, about));
  try {
    const response = await fetch(url, { signal });
    const answer = (await response.json()) as {
      readonly status?: string;
      readonly error?: string;
      readonly data?: { readonly resultType?: string; readonly result?: unknown };
    };
    if (answer.status !== 'success') throw new Error(answer.error ?? `it answered ${response.status}`);
    const value = numberOf(answer.data?.resultType, answer.data?.result);
    return value === undefined || Number.isNaN(value) ? null : value;
  } catch (error) {
    signal.throwIfAborted();
    throw new RotaError('CHECK_FAILED', `${probe.url} does not answer a query: ${(error as Error).message}`, {
      cause: error,
    });
  }
}

function numberOf(type: string | undefined, result: unknown): number | undefined {
  if (!Array.isArray(result)) throw new Error('its answer is none of a Prometheus server');
  if (type === 'scalar') return Number(result[1]);
  if (result.length > 1) throw new Error(`the query has ${result.length} answers instead of one`);
  const [first] = result as readonly { readonly value?: readonly [number, string] }[];
  return first?.value === undefined ? undefined : Number(first.value[1]);
}
