/**
 * Deployments measured in turn with raw parallel rsync and (where it is installed) Capistrano, on the same hosts: OpenSSH servers on
 * loopback, each in its own mount namespace (root), with a real tree. Usage: node bench/deploy.ts [HOSTS,HOSTS…] [ROUNDS] [TREE]
 * [without-capistrano]
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Deployed, makeBed } from './deploy/bed.ts';
import { median } from './measure/statistics.ts';

const [counts = '10', rounds = '5', tree = '/usr/share/mediawiki', without] = process.argv.slice(2);
const say = (line: string): void => void process.stdout.write(`${line}\n`);

for (const count of counts.split(',').map(Number)) {
  const folder = await mkdtemp(join(tmpdir(), 'rota-bench-'));
  try {
    await measure(folder, count);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function measure(folder: string, count: number): Promise<void> {
  await using bed = await makeBed(folder, count, tree);
  const capistrano = without === 'without-capistrano' ? null : bed.capistrano;
  say(
    `${count} hosts; load ${loadavg()
      .map((one) => one.toFixed(1))
      .join(', ')}`,
  );
  say(`${''.padEnd(26)} wall (least–most)            CPU here   CPU of hosts`);
  report('floor: files written', [await bed.floor()]);
  report('rsync first', [await bed.rsync()]);
  if (capistrano === null) say('Capistrano is left out, or not installed (cap)');
  else report('capistrano first', [await capistrano.deploy()]);
  report('rota first', [await bed.push()]);
  say(await bed.cost());
  // Until every host has as many folders as are kept, each deployment makes one.
  for (let i = 0; i < 3; i++) {
    await bed.change();
    await bed.push();
  }
  const cases = new Map<string, Deployed[]>();
  const keep = (name: string, value: Deployed) => cases.set(name, [...(cases.get(name) ?? []), value]);
  for (let round = 0; round < Number(rounds); round++) {
    const turns: (readonly [string, () => Promise<Deployed>])[] = [
      ['rota one file, warm', bed.push],
      ['rsync one file', bed.rsync],
      ...(capistrano === null ? [] : [['capistrano one file', capistrano.deploy] as const]),
    ];
    await bed.change();
    for (const [name, measured] of round % 2 === 0 ? turns : turns.toReversed()) keep(name, await measured());
    if (round === 0) say(await bed.cost());
    keep('rota no change, warm', await bed.push());
    keep('rsync no change', await bed.rsync());
    keep('rota rollback, warm', await bed.rollback());
    if (capistrano !== null) {
      keep('capistrano no change', await capistrano.deploy());
      keep('capistrano rollback', await capistrano.rollback());
    }
    await bed.push();
    await bed.change();
    await bed.cool();
    keep('rota one file, cold', await bed.push());
    await bed.cool();
    keep('rota no change, cold', await bed.push());
  }
  for (const [name, values] of [...cases].toSorted(([a], [b]) => a.localeCompare(b))) report(name, values);
  say(`load at the end ${loadavg()[0]?.toFixed(1)}\n`);
}

function report(name: string, values: readonly Deployed[]): void {
  const wall = values.map((value) => value.wallSeconds);
  const range = `${median(wall).toFixed(2)} s (${Math.min(...wall).toFixed(2)}–${Math.max(...wall).toFixed(2)})`;
  const here = median(values.map((value) => value.cpuSeconds)).toFixed(2);
  const there = median(values.map((value) => value.hostsSeconds)).toFixed(2);
  say(`${name.padEnd(26)} ${range.padEnd(28)} ${here.padStart(6)} s   ${there.padStart(6)} s`);
}
