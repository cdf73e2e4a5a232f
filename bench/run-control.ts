/** `node bench/run-control.ts [REVISIONS]`: claims a second, 10,000 subjects, and what run control costs in a dump. */
import { claimsPerSecond } from './run-control/claims.ts';
import { costInDump } from './run-control/cost-in-dump.ts';
import { askedOfMany } from './run-control/many-subjects.ts';

const revisions = Number(process.argv[2] ?? 20_000);
const line = (...cells: readonly string[]): void => void process.stdout.write(`| ${cells.join(' | ')} |\n`);

line('run control on SQLite', '');
line('---', '---');
for (const processes of [1, 2, 4]) {
  const rate = await claimsPerSecond(processes, 1000);
  line(`claims with completions, ${processes} processes`, `${Math.round(rate)}/s`);
}
for (const [name, ms] of Object.entries(await askedOfMany(10_000))) {
  line(`10,000 subjects: ${name}`, `${ms.toFixed(1)} ms`);
}
const cost = costInDump(revisions);
const share = (100 * cost.controlSeconds) / cost.cpuSeconds;
line(
  `full dump of ${revisions} revisions: run control's share of its CPU`,
  `${share.toFixed(2)} % (${cost.controlSeconds.toFixed(2)} of ${cost.cpuSeconds.toFixed(1)} s; ${cost.wallSeconds.toFixed(1)} s wall)`,
);
