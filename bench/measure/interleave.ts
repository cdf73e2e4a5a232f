import { type Command, type Measurement, runCommand } from './run-command.ts';
import { median } from './statistics.ts';

/** Two ways to the same result; `theirs` is missing where there is nothing to compare with. */
export interface Pair {
  readonly name: string;
  readonly ours: () => Promise<Command>;
  readonly theirs: (() => Promise<Command>) | null;
}

export interface PairResult {
  readonly name: string;
  readonly ours: Summary;
  readonly theirs: Summary | null;
  /** Medians of the ratios run by run, theirs to ours: how many times ours is better. */
  readonly ratio: { readonly wall: number; readonly cpu: number } | null;
}

/** Medians over the runs. */
export interface Summary extends Measurement {
  readonly runs: number;
}

export interface InterleaveOptions {
  readonly runs: number;
  readonly serverPid: number | null;
  /** No further round is begun after it, once there is one. */
  readonly signal: AbortSignal;
  readonly onRun: (name: string, measurement: Measurement) => void;
}

/** Ours, theirs, ours, theirs …: a machine whose speed drifts treats both alike. */
export async function interleave(pair: Pair, options: InterleaveOptions): Promise<PairResult> {
  const ours: Measurement[] = [];
  const theirs: Measurement[] = [];
  const measure = async (name: string, command: Command, into: Measurement[]) => {
    const measurement = await runCommand(command, options.serverPid);
    into.push(measurement);
    options.onRun(name, measurement);
  };
  for (let round = 0; round < options.runs; round += 1) {
    if (round > 0 && options.signal.aborted) break;
    await measure(`rota ${pair.name}`, await pair.ours(), ours);
    if (pair.theirs !== null) await measure(`MediaWiki ${pair.name}`, await pair.theirs(), theirs);
  }
  return {
    name: pair.name,
    ours: summarize(ours),
    theirs: theirs.length === 0 ? null : summarize(theirs),
    ratio: theirs.length === 0 ? null : ratios(ours, theirs),
  };
}

function summarize(runs: readonly Measurement[]): Summary {
  const of = (value: (run: Measurement) => number) => median(runs.map(value));
  return {
    runs: runs.length,
    wallSeconds: of((run) => run.wallSeconds),
    cpuSeconds: of((run) => run.cpuSeconds),
    serverCpuSeconds: of((run) => run.serverCpuSeconds),
    peakBytes: Math.max(...runs.map((run) => run.peakBytes)),
    treeBytes: Math.max(...runs.map((run) => run.treeBytes)),
  };
}

function ratios(ours: readonly Measurement[], theirs: readonly Measurement[]) {
  const by = (value: (run: Measurement) => number) =>
    median(
      theirs.flatMap((run, index) => {
        const other = ours[index];
        return other === undefined ? [] : [value(run) / value(other)];
      }),
    );
  return {
    wall: by((run) => run.wallSeconds),
    cpu: by((run) => run.cpuSeconds + run.serverCpuSeconds),
  };
}
