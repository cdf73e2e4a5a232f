import type { LogProbe, MetricProbe } from '../../../../config/environment-checks-config.ts';

/** What a log said for a while. */
export interface LogRate {
  readonly lines: number;
  readonly matches: number;
  readonly seconds: number;
}

export type RateVerdict =
  | { readonly verdict: 'well' }
  | { readonly verdict: 'unknown'; readonly why: string }
  | { readonly verdict: 'bad'; readonly why: string };

/**
 * Compares a host's log after its switch with its own past and with hosts that were not switched. More than `factor` times
 * the worse of both is bad; where neither has enough traffic, more than `limit` is.
 */
export function judgeLog(
  probe: Pick<LogProbe, 'limit' | 'factor' | 'minimumLines' | 'pattern'>,
  now: LogRate,
  past: LogRate | null,
  others: readonly LogRate[],
): RateVerdict {
  if (now.matches <= probe.limit) {
    if (now.lines >= probe.minimumLines) return { verdict: 'well' };
    return {
      verdict: 'unknown',
      why: `not enough traffic: ${now.lines} lines in ${seconds(now)} s, and ${probe.minimumLines} are needed to tell`,
    };
  }
  const references = [...(past === null ? [] : [past]), ...others].filter(
    (one) => one.lines >= probe.minimumLines && one.seconds > 0,
  );
  const rate = now.matches / Math.max(now.seconds, 0.001);
  const before = Math.max(0, ...references.map((one) => one.matches / one.seconds));
  if (references.length > 0 && rate <= probe.factor * before) return { verdict: 'well' };
  const compared =
    references.length === 0
      ? 'nothing to compare with'
      : `${before.toFixed(2)} a second before or on hosts that were not switched`;
  return {
    verdict: 'bad',
    why: `${now.matches} lines like ${JSON.stringify(probe.pattern)} in ${seconds(now)} s (${rate.toFixed(2)} a second; ${compared})`,
  };
}

/** The same for a number; null: the server knows none. */
export function judgeMetric(
  probe: Pick<MetricProbe, 'max' | 'factor'>,
  now: number | null,
  past: number | null,
  others: readonly (number | null)[],
): RateVerdict {
  if (now === null) return { verdict: 'unknown', why: 'not enough traffic: the query has no answer' };
  if (probe.max !== null && now > probe.max)
    return { verdict: 'bad', why: `${now} is more than ${probe.max}` };
  if (probe.factor === null) return { verdict: 'well' };
  const references = [past, ...others].filter((one): one is number => one !== null);
  if (references.length === 0) {
    return probe.max === null
      ? { verdict: 'unknown', why: 'not enough traffic: there is nothing to compare with' }
      : { verdict: 'well' };
  }
  const before = Math.max(...references);
  if (now <= probe.factor * before) return { verdict: 'well' };
  return {
    verdict: 'bad',
    why: `${now} is more than ${probe.factor} times ${before}, as it was before or is on hosts that were not switched`,
  };
}

function seconds(rate: LogRate): string {
  return rate.seconds.toFixed(0);
}
