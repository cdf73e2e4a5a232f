import { OPTIONAL_MARK } from '../requirements.ts';

export interface Counts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

/** What a run of test files came to. */
export class Outcome {
  #counts: Counts = { passed: 0, failed: 0, skipped: 0 };
  readonly #skipped = new Map<string, string[]>();

  addSkip(reason: string, test: string): void {
    const tests = this.#skipped.get(reason) ?? [];
    tests.push(test);
    this.#skipped.set(reason, tests);
  }

  setCounts(counts: Counts): void {
    this.#counts = counts;
  }

  /** Skips that count as failures where everything is required. */
  get requiredSkips(): number {
    return [...this.#skipped]
      .filter(([reason]) => !reason.startsWith(OPTIONAL_MARK))
      .reduce((sum, [, tests]) => sum + tests.length, 0);
  }

  exitStatus(requireAll: boolean): number {
    const { passed, failed } = this.#counts;
    return failed > 0 || passed === 0 || (requireAll && this.requiredSkips > 0) ? 1 : 0;
  }

  /** The closing lines; the last is the one that other programs read. */
  lines(requireAll: boolean): readonly string[] {
    const lines: string[] = [];
    for (const [reason, tests] of this.#skipped) {
      lines.push(`skipped ${tests.length}: ${reason}`, ...tests.map((test) => `    ${test}`));
    }
    if (this.requiredSkips > 0) {
      lines.push(
        requireAll
          ? `ROTA_REQUIRE_ALL=1: ${this.requiredSkips} skipped tests count as failures`
          : 'to run them too, as root on Debian:  ROTA_APT=1 npm test',
      );
    }
    const { passed, failed, skipped } = this.#counts;
    lines.push(`${passed} passed, ${failed} failed, ${skipped} skipped`);
    return lines;
  }
}
