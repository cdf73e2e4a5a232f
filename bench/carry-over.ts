/**
 * The second dump against the first: `node bench/carry-over.ts [REVISIONS] [FORMATS] [ZST-BUNDLE]`, such as `50k zst,bz2 16MiB`.
 * Only the history is made, and nothing is rechecked: 5 % of the texts would be read for that alone.
 */
import { readdirSync, statSync } from 'node:fs';
import { loadavg } from 'node:os';
import { join } from 'node:path';
import { contentSummary } from './carry-over/content-summary.ts';
import { rotaIn } from './cases/commands.ts';
import { type Measurement, runCommand } from './measure/run-command.ts';
import { farmCopy } from './setting/farm-copy.ts';
import { bringBack, holdBack } from './setting/held-back.ts';
import { ownSetting } from './setting/own-setting.ts';

const [revisions = '50k', formats = 'zst,bz2', bundle] = process.argv.slice(2);
const wiki = /^\d/.test(revisions) ? `bench${revisions}` : revisions;
const say = (text: string): void => void process.stderr.write(`${text}\n`);

const steps = [
  { date: '20260101', name: 'first' },
  { date: '20260102', name: '1 % of pages, at random', back: 'random' },
  { date: '20260103', name: 'last 1 % of revisions', back: 'last' },
  { date: '20260104', name: 'nothing changed' },
] as const;

interface Made extends Measurement {
  readonly readTextBytes: number;
}

await using setting = await ownSetting([wiki], say);
await holdBack(wiki, { last: 0.01, random: 0.01 });
const made = new Map<string, Made>();
const farms = formats.split(',').map((format) => ({
  format,
  folder: farmCopy(setting, `carry-${format}`, {
    'full-dump': {
      ...{ outputs: ['history'], compression: { history: format }, carryOver: { recheck: 'off' } },
      ...(bundle === undefined ? {} : { bundle: { zst: bundle } }),
    },
  }),
}));
say(
  `| ${wiki} | wall; CPU + db; peak | of the first: wall | CPU | text bytes read | MB | load | stages, s |\n|---|---|---|---|---|---|---|---|`,
);
for (const step of steps) {
  if ('back' in step) await bringBack(wiki, step.back);
  for (const { format, folder } of farms) {
    const load = loadavg()[0] ?? 0;
    const run = await runCommand(rotaIn(folder, 'dump', wiki, '--date', step.date), setting.serverPid);
    const { readTextBytes, stages } = await contentSummary(folder, wiki, step.date);
    const result = { ...run, readTextBytes };
    made.set(`${format} ${step.name}`, result);
    const first = made.get(`${format} first`) ?? result;
    const share = (of: (one: Made) => number) => `${((100 * of(result)) / of(first)).toFixed(1)} %`;
    const cells = [
      `${format}: ${step.name}`,
      `${run.wallSeconds.toFixed(1)} s; ${run.cpuSeconds.toFixed(1)} + ${run.serverCpuSeconds.toFixed(1)} s; ${Math.round(run.peakBytes / 1e6)} MB`,
      share((one) => one.wallSeconds),
      share((one) => one.cpuSeconds + one.serverCpuSeconds),
      share((one) => one.readTextBytes),
      (sizeOf(join(folder, 'public', wiki, step.date), format) / 1e6).toFixed(1),
      load.toFixed(1),
      stages,
    ];
    process.stdout.write(`| ${cells.join(' | ')} |\n`);
  }
}

function sizeOf(folder: string, format: string): number {
  const name = readdirSync(folder).find((one) => one.endsWith(`pages-meta-history.xml.${format}`));
  return name === undefined ? 0 : statSync(join(folder, name)).size;
}
