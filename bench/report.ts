import { cpus, totalmem } from 'node:os';
import type { PairResult, Summary } from './measure/interleave.ts';

export interface WikiResult {
  readonly wiki: string;
  readonly results: readonly PairResult[];
}

export interface BenchResult {
  readonly date: string;
  readonly machine: { readonly cores: number; readonly model: string; readonly memoryGb: number };
  readonly node: string;
  readonly wikis: readonly WikiResult[];
}

export function benchResult(date: Date, wikis: readonly WikiResult[]): BenchResult {
  const [first] = cpus();
  return {
    date: date.toISOString().slice(0, 10),
    machine: {
      cores: cpus().length,
      model: first?.model ?? 'unknown',
      memoryGb: Math.round(totalmem() / 2 ** 30),
    },
    node: process.version,
    wikis,
  };
}

const header = [
  '| | Rota: wall; CPU + db; peak | MediaWiki: wall; CPU + db; peak | wall | CPU | runs |',
  '|---|---|---|---|---|---|',
];

/** Medians; the ratios say how many times less Rota takes. */
export function markdown(result: BenchResult): string {
  const { machine } = result;
  return [
    `${result.date}, ${machine.cores} cores (${machine.model}), ${machine.memoryGb} GB, Node ${result.node}`,
    ...result.wikis.flatMap(({ wiki, results }) => ['', `**${wiki}**`, '', ...header, ...results.map(row)]),
    '',
  ].join('\n');
}

function row(result: PairResult): string {
  const { ours, theirs, ratio } = result;
  const cells = [
    result.name,
    figures(ours),
    theirs === null ? '–' : figures(theirs),
    times(ratio?.wall),
    times(ratio?.cpu),
    String(ours.runs),
  ];
  return `| ${cells.join(' | ')} |`;
}

function figures(summary: Summary): string {
  const seconds = (value: number) => value.toFixed(value < 10 ? 2 : 1);
  const megabytes = (bytes: number) => Math.round(bytes / 1e6);
  const tree = summary.treeBytes > summary.peakBytes ? ` (all ${megabytes(summary.treeBytes)})` : '';
  return `${seconds(summary.wallSeconds)} s; ${seconds(summary.cpuSeconds)} + ${seconds(summary.serverCpuSeconds)} s; ${megabytes(summary.peakBytes)} MB${tree}`;
}

const times = (value: number | undefined): string => (value === undefined ? '–' : `${value.toFixed(1)}×`);
