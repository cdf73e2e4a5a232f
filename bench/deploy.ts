/**
 * Deployments measured in turn with raw parallel rsync, on the same hosts: OpenSSH servers on loopback, each in its own mount
 * namespace (root), with a real tree. Usage: node bench/deploy.ts [hosts] [rounds] [tree]
 */
import { existsSync } from 'node:fs';
import { appendFile, cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { makeDeployFarm } from '../test/deploy/deploy-farm.ts';
import { startSshHosts } from '../test/support/ssh-hosts.ts';
import { type Measurement, runCommand } from './measure/run-command.ts';
import { median } from './measure/statistics.ts';

const [hostCount = '10', rounds = '5', tree = '/usr/share/mediawiki'] = process.argv.slice(2);
const say = (line: string): void => void process.stdout.write(`${line}\n`);
const rota = resolve(import.meta.dirname, '../bin/rota.mjs');

const folder = await mkdtemp(join(tmpdir(), 'rota-bench-'));
try {
  await measure();
} finally {
  await rm(folder, { recursive: true, force: true });
}

async function measure(): Promise<void> {
  await using hosts = await startSshHosts(join(folder, 'net'), Number(hostCount));
  const farm = await makeDeployFarm(join(folder, 'farm'), hosts, { keep: 3, allow: ['**'] });
  const code = join(farm.folder, 'code');
  // Debian's package has links to files that only a configured wiki has.
  await cp(tree, code, { recursive: true, dereference: true, filter: (path) => existsSync(path) });
  const run = (program: string, ...args: readonly string[]) =>
    runCommand({ program, args, cwd: farm.folder, env: hosts.env }, null);
  const push = () => run(process.execPath, rota, 'push');
  const config = join(folder, 'net', 'ssh_config');
  // One rsync a host, all at once, in place: what a shell loop does, without any of the guarantees.
  const loop = `for h in ${hosts.names.join(' ')}; do rsync -a --delete -e "ssh -F ${config}" "${code}/" "$h:${join(folder, 'net', 'target', 'raw')}/" & done; wait`;
  const raw = () => run('/bin/sh', '-c', loop);
  const floorFolder = join(folder, 'floor');
  const copies = hosts.names.map((host) => `cp -r '${code}' '${floorFolder}/${host}' &`).join(' ');
  const floor = () => run('/bin/sh', '-c', `mkdir '${floorFolder}'; ${copies} wait`);

  report('floor: the files written as often', [await floor()]);
  await rm(floorFolder, { recursive: true });
  report('rsync first', [await raw()]);
  report('rota first', [await push()]);
  const cases = new Map<string, Measurement[]>();
  const keep = (name: string, value: Measurement) => cases.set(name, [...(cases.get(name) ?? []), value]);
  // Until every host has as many folders as are kept, each deployment makes one.
  for (let i = 0; i < 3; i++) {
    await appendFile(join(code, 'index.php'), '\n// warm');
    await push();
  }
  for (let round = 0; round < Number(rounds); round++) {
    await appendFile(join(code, 'index.php'), `\n// ${round}`);
    const turns: readonly (readonly [string, () => Promise<Measurement>])[] = [
      ['rota one file', push],
      ['rsync one file', raw],
    ];
    for (const [name, measured] of round % 2 === 0 ? turns : turns.toReversed()) keep(name, await measured());
    keep('rota no change', await push());
    keep('rsync no change', await raw());
    keep('rota rollback', await run(process.execPath, rota, 'deploy', 'rollback'));
    await push();
  }
  for (const [name, values] of cases) report(name, values);
}

function report(name: string, values: readonly Measurement[]): void {
  const wall = values.map((value) => value.wallSeconds);
  const cpu = median(values.map((value) => value.cpuSeconds));
  say(
    `${name.padEnd(34)} ${median(wall).toFixed(2)} s (${Math.min(...wall).toFixed(2)}–${Math.max(...wall).toFixed(2)}), ${cpu.toFixed(2)} CPU s here (hosts not counted)`,
  );
}
