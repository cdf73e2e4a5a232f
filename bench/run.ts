import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { exportPairs } from './cases/export-pairs.ts';
import { floorPairs } from './cases/floor-pairs.ts';
import { wholeDumpPair } from './cases/whole-dump.ts';
import { interleave, type Pair, type PairResult } from './measure/interleave.ts';
import { type BenchOptions, readOptions, usage } from './options.ts';
import { benchResult, markdown, type WikiResult } from './report.ts';
import { farmSetting } from './setting/farm-setting.ts';
import { ownSetting } from './setting/own-setting.ts';
import type { BenchWiki, Setting } from './setting/setting.ts';

const say = (text: string): void => void process.stderr.write(`${text}\n`);

async function run(options: BenchOptions): Promise<void> {
  const { farm, wikis: names } = options;
  await using setting = await (farm === null
    ? ownSetting(names, say)
    : farmSetting({ ...farm, wikis: names }));
  if (setting.serverPid === null) say('the database server is not on this machine: its CPU is not counted');
  const signal = AbortSignal.timeout(options.limitMinutes * 60_000);
  const wikis: WikiResult[] = [];
  for (const wiki of setting.wikis) {
    const results: PairResult[] = [];
    for (const pair of pairsOf(options, setting, wiki)) {
      if (signal.aborted) {
        say(`${wiki.name}, ${pair.name}: left out, the time is over`);
        continue;
      }
      try {
        results.push(await interleave(pair, { ...options, serverPid: setting.serverPid, signal, onRun }));
      } catch (error) {
        say(`${wiki.name}, ${pair.name}: ${error instanceof Error ? error.message : error}`);
        process.exitCode = 1;
      }
    }
    wikis.push({ wiki: wiki.name, results });
  }
  const result = benchResult(new Date(), wikis);
  process.stdout.write(markdown(result));
  if (options.output === null) return;
  mkdirSync(options.output, { recursive: true });
  writeFileSync(join(options.output, 'table.md'), markdown(result));
  writeFileSync(join(options.output, 'results.json'), `${JSON.stringify(result, null, 2)}\n`);
}

/** The dear ones last: where the time is bounded, the cheap ones are all there. */
function pairsOf(options: BenchOptions, setting: Setting, wiki: BenchWiki): Pair[] {
  const exports = exportPairs(setting, wiki);
  const all: readonly (readonly [name: string, pairs: readonly Pair[]])[] = [
    ['stub', [exports.stub]],
    ['current', [exports.current]],
    ['floor', floorPairs(setting, wiki)],
    ['full', [exports.full]],
    ['zst', [exports.zst]],
    ['dump', [wholeDumpPair(setting, wiki)]],
  ];
  return all.flatMap(([name, pairs]) => (options.only.includes(name) ? pairs : []));
}

function onRun(
  name: string,
  run: { wallSeconds: number; cpuSeconds: number; serverCpuSeconds: number },
): void {
  say(
    `${name}: ${run.wallSeconds.toFixed(2)} s, CPU ${run.cpuSeconds.toFixed(2)} + ${run.serverCpuSeconds.toFixed(2)} s`,
  );
}

const options = readOptions(process.argv.slice(2), process.env);
if (options === null) process.stdout.write(usage);
else await run(options);
