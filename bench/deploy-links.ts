/**
 * What a deployment costs by the number of hosts, and how many bytes go over each link: from this machine by git's packs to every
 * host (star), by hosts to each other (relay: ssh), and by one rsync a host. Usage: node bench/deploy-links.ts TREE [HOSTS,HOSTS…]
 */
import { appendFile, cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { execa } from 'execa';
import { type DeployFarm, makeDeployFarm } from '../test/deploy/deploy-farm.ts';
import { type SshHosts, startSshHosts } from '../test/support/ssh-hosts.ts';
import { runCommand } from './measure/run-command.ts';

const [tree, counts = '1,10'] = process.argv.slice(2);
if (tree === undefined) throw new Error('Usage: node bench/deploy-links.ts TREE [HOSTS,HOSTS…]');
const rota = resolve(import.meta.dirname, '../bin/rota.mjs');
const changed = 'zz-changed.php';

process.stdout.write('hosts way    what      wall      CPU here  bytes from here  bytes between hosts\n');
for (const count of counts.split(',').map(Number)) {
  for (const way of ['star', 'ssh', 'rsync'] as const) await measure(count, way);
}

async function measure(count: number, way: 'star' | 'ssh' | 'rsync'): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'rota-links-'));
  try {
    await using hosts = await startSshHosts(join(folder, 'net'), count);
    const transfer = { relay: way === 'ssh' ? 'ssh' : 'star', width: 2, authorizedKeys: hosts.relayKeys };
    const farm = await makeDeployFarm(join(folder, 'farm'), hosts, { keep: 3, allow: ['**'], transfer });
    const code = join(farm.folder, 'code');
    await cp(tree ?? '', code, { recursive: true });
    for (const what of ['first', 'one file', 'no change']) {
      if (what !== 'no change') await appendFile(join(code, changed), `<?php // ${what}\n`);
      const { wallSeconds, cpuSeconds, here, between } =
        way === 'rsync' ? await rsync(folder, farm, hosts) : await push(farm, hosts);
      const numbers = [
        `${wallSeconds.toFixed(2)} s`,
        `${cpuSeconds.toFixed(2)} s`,
        String(here),
        String(between),
      ];
      const [wall = '', cpu = '', ...bytes] = numbers;
      process.stdout.write(
        `${String(count).padEnd(5)} ${way.padEnd(6)} ${what.padEnd(9)} ${wall.padEnd(9)} ${cpu.padEnd(9)} ${bytes.map((one) => one.padStart(14)).join(' ')}\n`,
      );
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function push(farm: DeployFarm, hosts: SshHosts) {
  const measured = await runCommand(
    { program: process.execPath, args: [rota, 'push'], cwd: farm.folder, env: hosts.env },
    null,
  );
  const { stdout } = await farm.rota('deploy', 'log', '--cost', '--json');
  const rows = stdout
    .toString()
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { readonly sentBytes?: number; readonly relayedBytes?: number });
  const sum = (of: 'sentBytes' | 'relayedBytes') => rows.reduce((bytes, row) => bytes + (row[of] ?? 0), 0);
  return { ...measured, here: sum('sentBytes'), between: sum('relayedBytes') };
}

/** One a host, all at once, in place; the bytes are what each says that it sent and received. */
async function rsync(folder: string, farm: DeployFarm, hosts: SshHosts) {
  const config = join(folder, 'net', 'ssh_config');
  const said = join(folder, 'said');
  const to = join(folder, 'net', 'target', 'raw');
  const loop = `for h in ${hosts.names.join(' ')}; do rsync -a --delete --stats -e "ssh -F ${config}" "${farm.folder}/code/" "$h:${to}/" >"${said}.$h" & done; wait`;
  const measured = await runCommand(
    { program: '/bin/sh', args: ['-c', loop], cwd: farm.folder, env: hosts.env },
    null,
  );
  const total = `cat "${said}".* | sed -n 's/^Total bytes \\(sent\\|received\\): //p' | tr -d , | paste -sd+ | sed 's/^/echo $((/; s/$/))/' | sh`;
  const { stdout } = await execa('/bin/sh', ['-c', total]);
  return { ...measured, here: Number(stdout.trim()), between: 0 };
}
