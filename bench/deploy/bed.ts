import { existsSync } from 'node:fs';
import { appendFile, cp } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { execa } from 'execa';
import { makeDeployFarm } from '../../test/deploy/deploy-farm.ts';
import { startSshHosts } from '../../test/support/ssh-hosts.ts';
import { cpuSecondsOfTrees } from '../measure/process-tree.ts';
import { type Measurement, runCommand } from '../measure/run-command.ts';
import { type Capistrano, openCapistrano } from './capistrano.ts';

/** One measured command, with what the hosts worked meanwhile. */
export interface Deployed extends Measurement {
  /** CPU of all hosts; what is left running in the background there is not in it. */
  readonly hostsSeconds: number;
}

/** Hosts, a tree, and the ways to bring it to them. */
export interface Bed extends AsyncDisposable {
  push(): Promise<Deployed>;
  rollback(): Promise<Deployed>;
  /** Ends the connections that ssh keeps for the next command. */
  cool(): Promise<void>;
  rsync(): Promise<Deployed>;
  /** The same files written as often, on this machine, at once. */
  floor(): Promise<Deployed>;
  readonly capistrano: { deploy(): Promise<Deployed>; rollback(): Promise<Deployed> } | null;
  /** Changes one file. */
  change(): Promise<void>;
  /** What each step of the newest deployment cost over all hosts. */
  cost(): Promise<string>;
}

const rota = resolve(import.meta.dirname, '../../bin/rota.mjs');

export async function makeBed(folder: string, count: number, tree: string): Promise<Bed> {
  const net = join(folder, 'net');
  const hosts = await startSshHosts(net, count);
  const farm = await makeDeployFarm(
    join(folder, 'farm'),
    hosts,
    { keep: 3, allow: ['**'] },
    // Hosts share this machine's cores with the deployment, which must not lose its lease to them.
    { duration: '60s', renewEvery: '10s' },
  );
  const code = join(farm.folder, 'code');
  // Debian's package has links to files that only a configured wiki has.
  await cp(tree, code, { recursive: true, dereference: true, filter: (path) => existsSync(path) });
  const pids = () => hosts.names.flatMap((host) => hosts.pidOf(host) ?? []);
  const withHosts = async (work: () => Promise<Measurement>): Promise<Deployed> => {
    const before = cpuSecondsOfTrees(pids());
    const measured = await work();
    return { ...measured, hostsSeconds: cpuSecondsOfTrees(pids()) - before };
  };
  const run = (program: string, ...args: readonly string[]) =>
    withHosts(() => runCommand({ program, args, cwd: farm.folder, env: hosts.env }, null));
  const config = join(net, 'ssh_config');
  // One rsync a host, all at once, in place: what a shell loop does, without any of the guarantees.
  const loop = `for h in ${hosts.names.join(' ')}; do rsync -a --delete -e "ssh -F ${config}" "${code}/" "$h:${join(net, 'target', 'raw')}/" & done; wait`;
  const copies = hosts.names.map((host) => `cp -r '${code}' '${folder}/floor/${host}' &`).join(' ');
  const cap: Capistrano | null = await openCapistrano(folder, code, hosts, net);
  let changes = 0;
  return {
    push: () => run(process.execPath, rota, 'push'),
    rollback: () => run(process.execPath, rota, 'deploy', 'rollback'),
    cool: async () => {
      const sockets = `for s in "${hosts.env.XDG_RUNTIME_DIR}"/rota-ssh/*; do [ ! -S "$s" ] || ssh -o ControlPath="$s" -O exit -- any 2>/dev/null || :; done`;
      await execa('/bin/sh', ['-c', sockets]);
    },
    rsync: () => run('/bin/sh', '-c', loop),
    // What is written stays until the end: where ext4 has no journal it goes past every inode that was given up within five minutes, so
    // that files cost several times as much for whoever comes next.
    floor: () => run('/bin/sh', '-c', `mkdir '${folder}/floor'; ${copies} wait`),
    capistrano:
      cap === null
        ? null
        : { deploy: () => withHosts(() => cap.deploy()), rollback: () => withHosts(() => cap.rollback()) },
    change: () => appendFile(join(code, 'index.php'), `\n// ${++changes}`),
    cost: async () => (await farm.rota('deploy', 'log', '--cost')).stdout.toString(),
    [Symbol.asyncDispose]: () => hosts[Symbol.asyncDispose](),
  };
}
