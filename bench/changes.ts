/**
 * Adds/changes and their application: `node bench/changes.ts [REVISIONS] [SHARE]`, such as `50k 0.1` or `small50k 0.1` (short
 * texts): the day holds that share of the wiki's revisions, the newest. Days are made by `rota changes run`, from mark to
 * publication.
 */
import { statSync } from 'node:fs';
import { loadavg } from 'node:os';
import { join } from 'node:path';
import { rotaIn } from './cases/commands.ts';
import { runCommand } from './measure/run-command.ts';
import { farmCopy } from './setting/farm-copy.ts';
import { bringBack, holdBack } from './setting/held-back.ts';
import { ownSetting, revisionsOf } from './setting/own-setting.ts';

const [revisions = '50k', share = '0.1'] = process.argv.slice(2);
const wiki = /^\d/.test(revisions) ? `bench${revisions}` : revisions;
const say = (text: string): void => void process.stderr.write(`${text}\n`);
const [fullDate, date] = ['19950101', '19950102'];
const history = { outputs: ['history'], compression: { history: 'zst' } };

await using setting = await ownSetting([wiki], say);
await holdBack(wiki, { last: Number(share), random: 0 });
const farms = (['state', 'log-hints', 'off'] as const).map((exact) => ({
  exact,
  folder: farmCopy(setting, `changes-${exact}`, { 'full-dump': history, changes: { exact } }),
}));
const inDay = Math.floor(revisionsOf(wiki) * Number(share));
say(`| ${wiki}, a day of ${inDay} revisions | wall; CPU + db; peak | a second | load |\n|---|---|---|---|`);
for (const { folder } of farms) await dump(folder);
await bringBack(wiki, 'last');
for (const { exact, folder } of farms) {
  await run(folder, 'changes', 'mark', wiki, '--date', date);
  await tell(
    `day, exact: ${exact}`,
    folder,
    ['changes', 'run', wiki, '--date', date],
    (seconds) => `${Math.round(inDay / seconds)} revisions`,
  );
}
const folder = farms[0]?.folder ?? '';
const full = join(folder, 'public', wiki, fullDate, `${wiki}-${fullDate}-pages-meta-history.xml.zst`);
const day = join(folder, 'public', 'other', 'incr', wiki, date);
let rawBytes = 0;
for (const name of ['new.xml', 'new.xml.zst']) {
  const output = join(setting.scratchFolder, name);
  await tell(`apply, to ${name}`, folder, ['changes', 'apply', full, day, '-o', output], (seconds) => {
    if (name === 'new.xml') rawBytes = statSync(output).size;
    return `${(rawBytes / 1e6 / seconds).toFixed(0)} MB of XML`;
  });
}

async function dump(cwd: string): Promise<void> {
  await run(cwd, 'dump', wiki, '--date', fullDate);
}

async function run(cwd: string, ...args: readonly string[]) {
  return await runCommand(rotaIn(cwd, ...args), setting.serverPid);
}

async function tell(
  name: string,
  cwd: string,
  args: readonly string[],
  rate: (seconds: number) => string,
): Promise<void> {
  const load = loadavg()[0] ?? 0;
  const measured = await run(cwd, ...args);
  const { wallSeconds, cpuSeconds, serverCpuSeconds, peakBytes } = measured;
  const cells = [
    name,
    `${wallSeconds.toFixed(1)} s; ${cpuSeconds.toFixed(1)} + ${serverCpuSeconds.toFixed(1)} s; ${Math.round(peakBytes / 1e6)} MB`,
    `${rate(wallSeconds)} (by CPU on one core ${rate(cpuSeconds + serverCpuSeconds)})`,
    load.toFixed(1),
  ];
  process.stdout.write(`| ${cells.join(' | ')} |\n`);
}
