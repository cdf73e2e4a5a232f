import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { execa } from 'execa';
import { program } from './requirements.ts';
import { signalTree } from './rota.ts';

export interface SshHosts extends AsyncDisposable {
  readonly names: readonly string[];
  /** What an environment of rota.yaml says of these hosts: path, hosts, ssh. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** What rota must be started with, so that its connections end with the hosts. */
  readonly env: Readonly<Record<string, string>>;
  /** Where the host has what is deployed, seen from here. */
  folderOf(host: string): string;
  /** Where its sshd looks for keys of relays: seen from there, and from here. */
  readonly relayKeys: string;
  relayKeysOf(host: string): string;
  /** The process of its sshd, from which all that is done there descends; undefined while it is down. */
  pidOf(host: string): number | undefined;
  /** Its sshd and all that it started end at once. */
  kill(host: string): void;
  /** It hangs: nothing on it goes on, connections stay open. */
  freeze(host: string): void;
  thaw(host: string): void;
  /** Starts it again after `kill`. */
  start(host: string): Promise<void>;
}

/**
 * Hosts on this machine: an OpenSSH server each, on an address of its own. As root each has its own mount namespace, in
 * which the same path is another folder; otherwise each has a root folder of its own.
 */
export async function startSshHosts(
  folder: string,
  count: number,
  options: {
    /** More arguments for a host's sshd. */ readonly sshd?: (host: string) => readonly string[];
    /** What whoever logs in finds in the environment. */
    readonly env?: (host: string) => Readonly<Record<string, string>>;
  } = {},
): Promise<SshHosts> {
  const names = Array.from({ length: count }, (_, i) => `h${i + 1}`);
  const isolated = process.getuid?.() === 0;
  const port = await freePort();
  const target = join(folder, 'target');
  // Short: sockets lie there, whose paths may not be long.
  const runtime = await mkdtemp('/tmp/rota-rt-');
  const own = (host: string) => join(folder, 'hosts', host);
  const relayKeys = join(target, 'keys', 'relay');
  // An empty home: what the files of a real one start (bash reads .bashrc here too) takes each connection its time, and may
  // leave a lock behind when a test kills it, for which every later connection waits.
  const home = join(folder, 'home');
  await mkdir(target, { recursive: true });
  await mkdir(home, { recursive: true });
  if (isolated) await mkdir('/run/sshd', { recursive: true });
  for (const host of names) await mkdir(own(host), { recursive: true });
  const key = join(folder, 'key');
  await execa(program('ssh-keygen'), ['-q', '-t', 'ed25519', '-N', '', '-f', key]);
  const publicKey = await readFile(`${key}.pub`, 'utf8');
  await writeFile(join(folder, 'sshd_config'), sshdConfig(folder, key, relayKeys));
  await writeFile(join(folder, 'known_hosts'), `rota-test ${publicKey}`);
  await writeFile(
    join(folder, 'ssh_config'),
    names.map((host, i) => clientConfig(folder, host, i, port, key)).join(''),
  );
  const running = new Map<string, ReturnType<typeof spawn>>();
  const start = async (host: string): Promise<void> => {
    const address = addressOf(names.indexOf(host));
    const sshd = [
      program('sshd'),
      '-D',
      '-e',
      '-f',
      join(folder, 'sshd_config'),
      '-o',
      `ListenAddress=${address}`,
      '-p',
      String(port),
      '-o',
      `SetEnv=${Object.entries({ HOME: home, ...options.env?.(host) })
        .map(([name, value]) => `"${name}=${value}"`)
        .join(' ')}`,
      ...(options.sshd?.(host) ?? []),
    ];
    const argv = isolated
      ? [
          'unshare',
          '-m',
          '--propagation',
          'private',
          'sh',
          '-c',
          'mount --bind "$1" "$2" && shift 2 && exec "$@"',
          'sh',
          own(host),
          target,
          ...sshd,
        ]
      : sshd;
    const [name = '', ...args] = argv;
    const child = spawn(name, args, { stdio: ['ignore', 'ignore', 'pipe'] });
    let said = '';
    child.stderr?.on('data', (chunk: Buffer) => {
      said = (said + chunk.toString()).slice(-4_000);
    });
    running.set(host, child);
    await listening(address, port, () => {
      if (child.exitCode !== null) throw new Error(`sshd of ${host} ended: ${said}`);
    });
  };
  await Promise.all(names.map(start));
  const tree = (host: string, signal: NodeJS.Signals) => signalTree(running.get(host) ?? {}, signal);
  const kill = (host: string) => {
    // A stopped process takes no other signal than this one and SIGCONT.
    tree(host, 'SIGKILL');
    running.delete(host);
  };
  const path = isolated ? join(target, 'wiki') : '/wiki';
  return {
    names,
    settings: {
      path,
      hosts: isolated ? names : names.map((name) => ({ name, root: own(name) })),
      ssh: { config: join(folder, 'ssh_config'), persist: '60s' },
    },
    env: { XDG_RUNTIME_DIR: runtime },
    folderOf: (host) => join(own(host), 'wiki'),
    relayKeys,
    relayKeysOf: (host) => (isolated ? join(own(host), 'keys', 'relay') : relayKeys),
    pidOf: (host) => running.get(host)?.pid,
    kill,
    freeze: (host) => tree(host, 'SIGSTOP'),
    thaw: (host) => tree(host, 'SIGCONT'),
    start,
    async [Symbol.asyncDispose]() {
      for (const host of [...running.keys()]) {
        const child = running.get(host);
        kill(host);
        if (child?.exitCode === null && child.signalCode === null) await once(child, 'exit');
      }
      await rm(runtime, { recursive: true, force: true });
    },
  };
}

function addressOf(index: number): string {
  return `127.0.1.${index + 1}`;
}

function sshdConfig(folder: string, key: string, relayKeys: string): string {
  return `HostKey ${key}
AuthorizedKeysFile ${key}.pub ${relayKeys}
PidFile none
UsePAM no
StrictModes no
PasswordAuthentication no
KbdInteractiveAuthentication no
MaxStartups 500
MaxSessions 100
AcceptEnv LANG
Subsystem sftp internal-sftp
# ${folder}
`;
}

function clientConfig(folder: string, host: string, index: number, port: number, key: string): string {
  return `Host ${host}
  HostName ${addressOf(index)}
  Port ${port}
  IdentityFile ${key}
  IdentitiesOnly yes
  UserKnownHostsFile ${join(folder, 'known_hosts')}
  HostKeyAlias rota-test

`;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.1.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

async function listening(address: string, port: number, check: () => void): Promise<void> {
  for (const endAt = Date.now() + 60_000; Date.now() < endAt; ) {
    check();
    const socket = connect(port, address);
    const isOpen = await Promise.race([
      once(socket, 'connect').then(() => true),
      once(socket, 'error').then(() => false),
    ]).catch(() => false);
    socket.destroy();
    if (isOpen) return;
    await sleep(20);
  }
  throw new Error(`nothing listens on ${address}:${port}`);
}
