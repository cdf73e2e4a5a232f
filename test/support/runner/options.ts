import { parseArgs } from 'node:util';

export interface RunnerOptions {
  /** Only files whose path contains one of these words; all when empty. */
  readonly filters: readonly string[];
  /** The bounded, seeded long runs of test/long instead of everything else. */
  readonly long: boolean;
  /** The seed that long runs draw from; printed, so that a failure can be repeated. */
  readonly seed: string;
  /** No file is begun later than this; null: all are. Begins with another file at each seed, so that all get their turn. */
  readonly withinMs: number | null;
  readonly installPackages: boolean;
  readonly requireAll: boolean;
}

export const usage = `npm test -- [--long] [--seed N] [--within SECONDS] [WORD...]

Runs the tests whose file name contains one of the words (all without words).
  --long      the long, seeded runs of test/long
  --seed N    the seed of long runs (else a new one, which is printed)
  --within S  begins no file after so many seconds, and says which were not begun; where it begins comes from the seed
  ROTA_APT=1           installs the Debian packages that tests need (root); starts no service
  ROTA_REQUIRE_ALL=1   a skipped test is a failure
  ROTA_SHARED_DATA     folder with real published dumps (default: ../shared/data)
`;

export function runnerOptions(argv: readonly string[], env: NodeJS.ProcessEnv): RunnerOptions | undefined {
  const { values, positionals } = parseArgs({
    args: [...argv],
    allowPositionals: true,
    options: {
      long: { type: 'boolean' },
      seed: { type: 'string' },
      within: { type: 'string' },
      help: { type: 'boolean', short: 'h' },
    },
  });
  if (values.help === true) return undefined;
  // parseArgs wants a number below zero as `--within=-5`.
  const within = values.within === undefined ? null : Number(values.within);
  if (within !== null && !Number.isFinite(within)) throw new TypeError('--within takes seconds, such as 600');
  return {
    filters: positionals,
    long: values.long ?? false,
    seed: values.seed ?? env.ROTA_SEED ?? String(Math.floor(Math.random() * 2 ** 31)),
    withinMs: within === null ? null : within * 1000,
    installPackages: env.ROTA_APT === '1',
    requireAll: env.ROTA_REQUIRE_ALL === '1',
  };
}
