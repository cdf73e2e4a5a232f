/** The smallest value that at least this share of the values do not exceed; the values sorted upwards. */
export function percentile(sorted: readonly number[], share: number): number {
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? 0;
}
