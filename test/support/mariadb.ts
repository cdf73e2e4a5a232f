import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, open, readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { execa } from 'execa';
import { findProgram, program } from './requirements.ts';

/** How to reach a MariaDB server of the tests. `root` has no password on the socket; `reader` may only SELECT. */
export interface MariadbAddress {
  readonly socket: string;
  readonly port: number;
  readonly writer: Account;
  readonly reader: Account;
}

export interface Account {
  readonly user: string;
  readonly password: string;
}

export interface RunningMariadb extends MariadbAddress, AsyncDisposable {
  readonly pid: number;
  /** SIGKILL, as a crash does it; `start()` recovers. */
  kill(): Promise<void>;
  /** An orderly end. */
  stop(): Promise<void>;
  start(): Promise<void>;
  signal(name: NodeJS.Signals): void;
}

const writer: Account = { user: 'wiki', password: 'wiki-pass' };
const reader: Account = { user: 'reader', password: 'only-reads' };

/**
 * A private MariaDB in `folder` (data, socket, log) on a free loopback port, with `more` server options. Nothing in it is durable: it is for tests.
 * The server ends with this process, even when this process is killed.
 */
export async function startMariadb(
  folder: string,
  more: Readonly<Record<string, string>> = {},
): Promise<RunningMariadb> {
  // A starting server deletes what it takes for left-over temporary tables: with a shared folder, those of the others.
  await mkdir(join(folder, 'tmp'), { recursive: true });
  const socket = join(folder, 'm.sock');
  const port = await freePort();
  const log = join(folder, 'mariadbd.log');
  const asRoot = process.getuid?.() === 0 ? ['--user=root'] : [];
  await execa(program('mariadb-install-db'), [
    '--no-defaults',
    `--datadir=${join(folder, 'data')}`,
    `--tmpdir=${join(folder, 'tmp')}`,
    '--auth-root-authentication-method=normal',
    '--skip-test-db',
    ...asRoot,
  ]);
  const options = join(folder, 'my.cnf');
  await writeFile(options, serverOptions(folder, socket, port, more));
  const startup = join(folder, 'startup.sql');
  await writeFile(startup, accountStatements());

  let child: ChildProcess | undefined;
  const command = [program('mariadbd'), `--defaults-file=${options}`, `--init-file=${startup}`, ...asRoot];
  const start = async (): Promise<void> => {
    child = await launch(command, log, socket);
  };
  const end = async (name: NodeJS.Signals): Promise<void> => {
    const running = child;
    child = undefined;
    if (running === undefined || running.exitCode !== null || running.signalCode !== null) return;
    const ended = once(running, 'exit');
    // A stopped process would take no other signal before it goes on.
    running.kill('SIGCONT');
    running.kill(name);
    await ended;
  };
  await start();
  return {
    socket,
    port,
    writer,
    reader,
    get pid() {
      return child?.pid ?? 0;
    },
    start,
    stop: () => end('SIGTERM'),
    kill: () => end('SIGKILL'),
    signal: (name) => void child?.kill(name),
    [Symbol.asyncDispose]: () => end('SIGKILL'),
  };
}

async function launch(command: readonly string[], log: string, socket: string): Promise<ChildProcess> {
  const out = await open(log, 'a');
  try {
    // setpriv asks the kernel to end the server with us, so that not even SIGKILL leaves one behind.
    const setpriv = findProgram('setpriv');
    const [file = '', ...args] =
      setpriv === undefined ? command : [setpriv, '--pdeathsig', 'KILL', '--', ...command];
    const child = spawn(file, args, { stdio: ['ignore', out.fd, out.fd], detached: true });
    await answers(child, socket, log);
    return child;
  } finally {
    await out.close();
  }
}

/** Waits until the server answers a ping; mariadb-admin itself waits for the socket to appear. */
async function answers(child: ChildProcess, socket: string, log: string): Promise<void> {
  const ping = [
    '--no-defaults',
    '-S',
    socket,
    '-uroot',
    '--wait=240',
    '--connect-timeout=60',
    '--silent',
    'ping',
  ];
  const pinging = execa(program('mariadb-admin', 'mysqladmin'), ping, { reject: false });
  const died = once(child, 'exit').then(() => pinging.kill());
  await Promise.race([pinging, died]);
  const result = await pinging;
  if (result.exitCode === 0 && child.exitCode === null) return;
  child.kill('SIGKILL');
  throw new Error(`mariadbd did not start:\n${(await readFile(log, 'utf8')).slice(-2000)}`);
}

function serverOptions(
  folder: string,
  socket: string,
  port: number,
  more: Readonly<Record<string, string>>,
): string {
  const options = {
    datadir: join(folder, 'data'),
    tmpdir: join(folder, 'tmp'),
    socket,
    port,
    'bind-address': '127.0.0.1',
    'pid-file': join(folder, 'mariadbd.pid'),
    'character-set-server': 'binary',
    innodb_buffer_pool_size: '192M',
    innodb_log_file_size: '64M',
    innodb_flush_log_at_trx_commit: 0,
    innodb_doublewrite: 0,
    innodb_fast_shutdown: 1,
    max_allowed_packet: '256M',
    'skip-log-bin': 1,
    'skip-name-resolve': 1,
    ...more,
  };
  return `[mysqld]\n${Object.entries(options)
    .map(([key, value]) => `${key} = ${value}\n`)
    .join('')}`;
}

/** Run by the server before it takes connections: no half-made accounts are ever seen. */
function accountStatements(): string {
  return ['localhost', '127.0.0.1']
    .flatMap((host) => [
      `CREATE USER IF NOT EXISTS '${writer.user}'@'${host}' IDENTIFIED BY '${writer.password}';`,
      `GRANT ALL ON *.* TO '${writer.user}'@'${host}';`,
      `CREATE USER IF NOT EXISTS '${reader.user}'@'${host}' IDENTIFIED BY '${reader.password}';`,
      `GRANT SELECT ON *.* TO '${reader.user}'@'${host}';`,
    ])
    .join('\n');
}

async function freePort(): Promise<number> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('No loopback port could be had.');
  return address.port;
}
