/** What is counted of one output of a dump. */
export interface OutputMeasure {
  readonly output: string;
  readonly pages: number;
  readonly revisions: number;
  /** Size before compression. */
  readonly rawBytes: number;
}

/** One figure that fell by more than is allowed. */
export interface ShrinkFinding {
  readonly output: string;
  readonly figure: 'pages' | 'revisions' | 'rawBytes';
  readonly before: number;
  readonly now: number;
  /** By how much it fell, in percent of `before`. */
  readonly fellByPercent: number;
}

const figures = ['pages', 'revisions', 'rawBytes'] as const;

/**
 * Compares outputs with the last published date. A dump that is suddenly smaller is mostly a fault (a half-read
 * database, a lost table), so its set is held until somebody looks. An output that the new dump lacks counts as empty
 * when `expected` names it; one that is new has nothing to fall from.
 */
export function findShrinkage(
  before: readonly OutputMeasure[],
  now: readonly OutputMeasure[],
  options: { readonly maxPercent?: number; readonly expected?: readonly string[] } = {},
): readonly ShrinkFinding[] {
  const maxPercent = options.maxPercent ?? 5;
  const current = new Map(now.map((measure) => [measure.output, measure]));
  const expected = new Set(options.expected ?? []);
  return before.flatMap((was) => {
    const is = current.get(was.output);
    if (is === undefined && !expected.has(was.output)) return [];
    return figures.flatMap((figure) => {
      const found = is?.[figure] ?? 0;
      const fell = was[figure] - found;
      // Without division, so that exactly the limit is within it.
      if (fell <= 0 || fell * 100 <= was[figure] * maxPercent) return [];
      const fellByPercent = (fell * 100) / was[figure];
      return [{ output: was.output, figure, before: was[figure], now: found, fellByPercent }];
    });
  });
}

/** One finding as a sentence for the alert and the held run. */
export function describeShrinkage(finding: ShrinkFinding): string {
  const figure = finding.figure === 'rawBytes' ? 'bytes before compression' : finding.figure;
  return `${finding.output} has ${finding.now} ${figure} where the last published date has ${finding.before} (${finding.fellByPercent.toFixed(1)} % less)`;
}
