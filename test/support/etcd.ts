import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { access, constants, mkdtemp, open, readdir, readFile, rm, statfs } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { execa } from 'execa';
import { findProgram, program } from './requirements.ts';

export interface EtcdMember {
  readonly endpoint: string;
  readonly peerPort: number;
  readonly port: number;
  readonly pid: number;
  /** SIGKILL, as a crash does it; `start()` recovers. */
  kill(): Promise<void>;
  start(): Promise<void>;
  signal(name: NodeJS.Signals): void;
}

export interface RunningEtcd extends AsyncDisposable {
  readonly endpoints: readonly string[];
  readonly members: readonly EtcdMember[];
  /** etcdctl with all endpoints; its output. */
  ctl(...args: readonly string[]): Promise<string>;
  /** The index of the member that leads now. */
  leader(): Promise<number>;
  /** Resolves when the cluster takes writes. */
  ready(): Promise<void>;
  /** `etcdctl snapshot save`, which asks one member. */
  snapshot(file: string): Promise<void>;
  /** Ends all members and begins a new cluster in their place with a snapshot. */
  restore(file: string): Promise<void>;
}

export interface EtcdOptions {
  readonly members?: 1 | 3;
  /** For every member, such as `--quota-backend-bytes=…`. */
  readonly flags?: readonly string[];
  /** Certificate, key and authority for clients: then endpoints are https. */
  readonly tls?: {
    readonly ca: string;
    readonly cert: string;
    readonly key: string;
    readonly wantsClient?: boolean;
  };
}

/**
 * A private etcd on free loopback ports, of one member or three. The members end with this process, even when it is
 * killed.
 */
export async function startEtcd(options: EtcdOptions = {}): Promise<RunningEtcd> {
  const folder = await dataFolder();
  const { members: count = 1, tls } = options;
  const scheme = tls === undefined ? 'http' : 'https';
  const ports = await freePorts(2 * count);
  const names = Array.from({ length: count }, (_, i) => `m${i}`);
  const peer = (i: number) => `http://127.0.0.1:${ports[2 * i + 1]}`;
  const cluster = names.map((name, i) => `${name}=${peer(i)}`).join(',');
  const members = names.map((name, i) => {
    const endpoint = `${scheme}://127.0.0.1:${ports[2 * i]}`;
    const args = [
      `--name=${name}`,
      `--data-dir=${join(folder, name)}`,
      `--listen-client-urls=${endpoint}`,
      `--advertise-client-urls=${endpoint}`,
      `--listen-peer-urls=${peer(i)}`,
      `--initial-advertise-peer-urls=${peer(i)}`,
      `--initial-cluster=${cluster}`,
      '--initial-cluster-state=new',
      '--logger=zap',
      '--log-level=warn',
      ...(tls === undefined ? [] : [`--cert-file=${tls.cert}`, `--key-file=${tls.key}`]),
      ...(tls?.wantsClient ? ['--client-cert-auth', `--trusted-ca-file=${tls.ca}`] : []),
      ...(options.flags ?? []),
    ];
    return makeMember({
      endpoint,
      port: ports[2 * i] ?? 0,
      peerPort: ports[2 * i + 1] ?? 0,
      args,
      log: join(folder, `${name}.log`),
    });
  });
  const endpoints = members.map((member) => member.endpoint);
  const ctlAt = async (to: readonly string[], args: readonly string[]) => {
    const secure = tls === undefined ? [] : [`--cacert=${tls.ca}`, `--cert=${tls.cert}`, `--key=${tls.key}`];
    const { stdout } = await execa(program('etcdctl'), [`--endpoints=${to.join(',')}`, ...secure, ...args], {
      env: { ETCDCTL_API: '3' },
    });
    return stdout;
  };
  const ctl = (...args: readonly string[]) => ctlAt(endpoints, args);
  const ready = async () => {
    for (let tries = 1; ; tries++) {
      try {
        await ctl('--command-timeout=5s', 'endpoint', 'health', '--cluster');
        return;
      } catch (error) {
        if (tries > 60) throw new Error(`etcd is not ready: ${error}\n${await logsOf(folder, names)}`);
        await pause(200);
      }
    }
  };
  await Promise.all(members.map((member) => member.start()));
  await ready();
  return {
    endpoints,
    members,
    ctl,
    ready,
    async leader() {
      for (let tries = 1; ; tries++) {
        for (const [i, member] of members.entries()) {
          if (member.pid === 0) continue;
          const status = await execa(
            program('etcdctl'),
            [`--endpoints=${member.endpoint}`, '--command-timeout=5s', 'endpoint', 'status', '-w', 'json'],
            { env: { ETCDCTL_API: '3' }, reject: false },
          );
          if (status.exitCode !== 0) continue;
          const [found] = JSON.parse(status.stdout);
          if (found.Status.leader !== 0 && found.Status.leader === found.Status.header.member_id) return i;
        }
        if (tries > 60) throw new Error('etcd has no leader');
        await pause(200);
      }
    },
    async snapshot(file) {
      await ctlAt(endpoints.slice(0, 1), ['snapshot', 'save', file]);
    },
    async restore(file) {
      await Promise.all(members.map((member) => member.kill()));
      for (const [i, name] of names.entries()) {
        const data = join(folder, name);
        await rm(data, { recursive: true });
        const place = [`--name=${name}`, `--data-dir=${data}`, `--initial-advertise-peer-urls=${peer(i)}`];
        await execa(
          program('etcdctl'),
          ['snapshot', 'restore', file, ...place, `--initial-cluster=${cluster}`],
          { env: { ETCDCTL_API: '3' } },
        );
      }
      await Promise.all(members.map((member) => member.start()));
      await ready();
    },
    async [Symbol.asyncDispose]() {
      await Promise.all(members.map((member) => member.kill()));
      await rm(folder, { recursive: true, force: true, maxRetries: 3 });
    },
  };
}

/** A member takes 64 MB for its log at once, and several tests have three. */
const roomBytes = 2_000_000_000;

/**
 * In memory where that can be had, with room (containers often have 64 MB): etcd syncs every write, and many tests on one
 * disk would wait for each other. What a test left that was killed is removed by the next.
 */
async function dataFolder(): Promise<string> {
  const parent = (await isRoomy('/dev/shm')) ? '/dev/shm' : tmpdir();
  const prefix = 'rota-etcd-';
  for (const name of await readdir(parent)) {
    const owner = name.startsWith(prefix) ? Number.parseInt(name.slice(prefix.length), 10) : Number.NaN;
    if (!Number.isNaN(owner) && !isAlive(owner)) {
      await rm(join(parent, name), { recursive: true, force: true }).catch(() => {});
    }
  }
  return mkdtemp(join(parent, `${prefix}${process.pid}-`));
}

async function isRoomy(folder: string): Promise<boolean> {
  try {
    await access(folder, constants.W_OK);
    const { bavail, bsize } = await statfs(folder);
    return bavail * bsize >= roomBytes;
  } catch {
    return false;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function makeMember(p: {
  readonly endpoint: string;
  readonly port: number;
  readonly peerPort: number;
  readonly args: readonly string[];
  readonly log: string;
}): EtcdMember {
  let child: ChildProcess | undefined;
  return {
    endpoint: p.endpoint,
    port: p.port,
    peerPort: p.peerPort,
    get pid() {
      return child?.pid ?? 0;
    },
    async start() {
      const out = await open(p.log, 'a');
      try {
        const command = [program('etcd'), ...p.args];
        // setpriv asks the kernel to end the server with us, so that not even SIGKILL leaves one behind.
        const setpriv = findProgram('setpriv');
        const [file = '', ...args] =
          setpriv === undefined ? command : [setpriv, '--pdeathsig', 'KILL', '--', ...command];
        child = spawn(file, args, { stdio: ['ignore', out.fd, out.fd], detached: true });
      } finally {
        await out.close();
      }
    },
    async kill() {
      const running = child;
      child = undefined;
      if (running === undefined || running.exitCode !== null || running.signalCode !== null) return;
      const ended = once(running, 'exit');
      // A stopped process would take no other signal before it goes on.
      running.kill('SIGCONT');
      running.kill('SIGKILL');
      await ended;
    },
    signal: (name) => void child?.kill(name),
  };
}

async function logsOf(folder: string, names: readonly string[]): Promise<string> {
  const logs = await Promise.all(
    names.map((name) => readFile(join(folder, `${name}.log`), 'utf8').catch(() => '')),
  );
  return logs.map((log) => log.slice(-1500)).join('\n');
}

/** All taken at once, so that no two are the same. */
export async function freePorts(count: number): Promise<readonly number[]> {
  const servers = await Promise.all(
    Array.from({ length: count }, async () => {
      const server = createServer();
      server.listen(0, '127.0.0.1');
      await once(server, 'listening');
      return server;
    }),
  );
  return Promise.all(
    servers.map(async (server) => {
      const address = server.address();
      server.close();
      await once(server, 'close');
      if (address === null || typeof address === 'string') throw new Error('No loopback port could be had.');
      return address.port;
    }),
  );
}
