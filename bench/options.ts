import { parseArgs } from 'node:util';

export interface BenchOptions {
  readonly wikis: readonly string[];
  readonly runs: number;
  /** After so long nothing further is begun. */
  readonly limitMinutes: number;
  readonly only: readonly string[];
  /** Null: the tests' own server and wikis are made. */
  readonly farm: { readonly config: string; readonly maintenance: readonly string[] } | null;
  /** Where table.md and results.json go; null: the table goes to standard output only. */
  readonly output: string | null;
}

export const caseNames = ['stub', 'current', 'full', 'zst', 'dump', 'floor'] as const;

export const usage = `node bench/run.ts [options]

  --wiki NAME        a wiki to measure, may be repeated (default: bench10k, bench50k and bench200k; with --quick
                     bench10k and bench50k). The name says how many revisions it has
  --runs N           runs of each command, in turn with its counterpart (default 3; with --quick 2)
  --only CASES       of ${caseNames.join(', ')} (commas)
  --quick            at most 9 minutes on two cores, once the wikis are there
  --limit MINUTES    begin nothing further after this time
  --farm FILE        measure wikis of this rota.yaml, which are in MariaDB (or ROTA_BENCH_FARM)
  --mediawiki WORDS  with --farm: the command that runs a maintenance script of a wiki, such as
                     "php /srv/mw/maintenance/{script}.php --wiki={wiki}" (or ROTA_BENCH_MEDIAWIKI)
  --output FOLDER    also write table.md and results.json there
`;

/** @throws Error where the options make no sense */
export function readOptions(args: readonly string[], env: NodeJS.ProcessEnv): BenchOptions | null {
  const { values } = parseArgs({
    args: [...args],
    options: {
      wiki: { type: 'string', multiple: true },
      runs: { type: 'string' },
      only: { type: 'string' },
      quick: { type: 'boolean', default: false },
      limit: { type: 'string' },
      farm: { type: 'string' },
      mediawiki: { type: 'string' },
      output: { type: 'string' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) return null;
  const config = values.farm ?? env.ROTA_BENCH_FARM;
  const maintenance = values.mediawiki ?? env.ROTA_BENCH_MEDIAWIKI;
  if (config !== undefined && maintenance === undefined)
    throw new Error('with --farm, --mediawiki must say how its scripts are run');
  const only = values.only?.split(',') ?? [...caseNames];
  const unknown = only.filter((name) => !(caseNames as readonly string[]).includes(name));
  if (unknown.length > 0) throw new Error(`there is no case ${unknown.join(', ')}`);
  const wikis = ['bench10k', 'bench50k', ...(values.quick ? [] : ['bench200k'])];
  return {
    wikis: values.wiki ?? wikis,
    runs: count(values.runs, values.quick ? 2 : 3),
    limitMinutes: count(values.limit, values.quick ? 7 : 600),
    only,
    farm: config === undefined ? null : { config, maintenance: (maintenance ?? '').trim().split(/\s+/) },
    output: values.output ?? null,
  };
}

function count(text: string | undefined, otherwise: number): number {
  if (text === undefined) return otherwise;
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) throw new Error(`${text} is not a number from 1`);
  return value;
}
