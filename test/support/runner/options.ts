import { parseArgs } from 'node:util';

export interface RunnerOptions {
  /** Only files whose path contains one of these words; all when empty. */
  readonly filters: readonly string[];
  /** The bounded, seeded long runs of test/long instead of everything else. */
  readonly long: boolean;
  /** The seed that long runs draw from; printed, so that a failure can be repeated. */
  readonly seed: string;
  readonly installPackages: boolean;
  readonly requireAll: boolean;
}

export const usage = `npm test -- [--long] [--seed N] [WORD...]

Runs the tests whose file name contains one of the words (all without words).
  --long      the long, seeded runs of test/long
  --seed N    the seed of long runs (else a new one, which is printed)
  ROTA_APT=1           installs the Debian packages that tests need (root); starts no service
  ROTA_REQUIRE_ALL=1   a skipped test is a failure
  ROTA_SHARED_DATA     folder with real published dumps (default: ../shared/data)
`;

export function runnerOptions(argv: readonly string[], env: NodeJS.ProcessEnv): RunnerOptions | undefined {
  const { values, positionals } = parseArgs({
    args: [...argv],
    allowPositionals: true,
    options: { long: { type: 'boolean' }, seed: { type: 'string' }, help: { type: 'boolean', short: 'h' } },
  });
  if (values.help === true) return undefined;
  return {
    filters: positionals,
    long: values.long ?? false,
    seed: values.seed ?? env.ROTA_SEED ?? String(Math.floor(Math.random() * 2 ** 31)),
    installPackages: env.ROTA_APT === '1',
    requireAll: env.ROTA_REQUIRE_ALL === '1',
  };
}
