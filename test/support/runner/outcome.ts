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
  #notBegun: readonly string[] = [];

  addSkip(reason: string, test: string): void {
    const tests = this.#skipped.get(reason) ?? [];
    tests.push(test);
    this.#skipped.set(reason, tests);
  }

  /** Of a run; several are added up. */
  addCounts({ passed, failed, skipped }: Counts): void {
    const before = this.#counts;
    this.#counts = {
      passed: before.passed + passed,
      failed: before.failed + failed,
      skipped: before.skipped + skipped,
    };
  }

  /** For which no time was left. */
  setNotBegun(files: readonly string[]): void {
    this.#notBegun = files;
  }

  /** Skips that count as failures where everything is required. */
  get requiredSkips(): number {
    return [...this.#skipped]
      .filter(([reason]) => !reason.startsWith(OPTIONAL_MARK))
      .reduce((sum, [, tests]) => sum + tests.length, 0);
  }

  exitStatus(requireAll: boolean): number {
    const { passed, failed } = this.#counts;
    const hasNone = passed === 0 && this.#notBegun.length === 0;
    return failed > 0 || hasNone || (requireAll && this.requiredSkips > 0) ? 1 : 0;
  }

  /** The closing lines; the last is the one that other programs read. */
  lines(requireAll: boolean): readonly string[] {
    const lines: string[] = [];
    for (const [reason, tests] of this.#skipped) {
      lines.push(`skipped ${tests.length}: ${reason}`, ...tests.map((test) => `    ${test}`));
    }
    if (this.#notBegun.length > 0) {
      const begun = this.#notBegun.map((file) => `    ${file}`);
      lines.push(`not begun, the time being over: ${this.#notBegun.length} files`, ...begun);
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
