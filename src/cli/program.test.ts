import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RotaError } from '../core/errors/rota-error.ts';
import { exitStatus } from '../core/exit-status.ts';
import { ManualClock } from '../core/manual-clock.ts';
import type { RegisterCommand } from './command-module.ts';
import { commands } from './commands/index.ts';
import { commandTable } from './completion/command-table.ts';
import { makeProgram } from './program.ts';
import { CapturedStream, runRota } from './testing.ts';

/** A command `x` that does what the test says. */
function commandX(run: (signal: AbortSignal) => Promise<number>): readonly RegisterCommand[] {
  return [
    (program, cli) => {
      program
        .command('x')
        .option('--force', 'anyway')
        .action(cli.action(async () => (await run(cli.signal)) as 0));
    },
  ];
}

test('the version, help on request and help for lack of a command', async () => {
  assert.deepEqual(await runRota(['--version']), { status: 0, stdout: '1.2.3\n', stderr: '' });
  const help = await runRota(['--help']);
  assert.equal(help.status, 0);
  assert.match(help.stdout, /^Usage: rota /);
  const bare = await runRota([]);
  assert.deepEqual([bare.status, bare.stdout], [2, '']);
  assert.equal(bare.stderr, help.stdout);
});

test('every help text fits 80 columns', async () => {
  const { program } = makeProgram({
    io: { stdout: new CapturedStream(), stderr: new CapturedStream(), env: {}, cwd: '/' },
    clock: new ManualClock(),
    signal: new AbortController().signal,
    version: '1.2.3',
    commands,
  });
  const entries = commandTable(program).filter(({ words }) => words.at(-1) !== 'help');
  assert.ok(entries.length > 5);
  for (const { words } of entries) {
    const { stdout, status } = await runRota([...words, '--help']);
    assert.equal(status, 0);
    for (const line of stdout.split('\n')) assert.ok(line.length <= 80, `${words.join(' ')}: ${line}`);
  }
});

test('an option of the command above is refused, and is not in the help of the one below', async () => {
  for (const line of [
    'dump withdraw w --date 20260101',
    'dump --force withdraw w --yes',
    'demo farm --folder x',
  ]) {
    const { status, stderr } = await runRota(line.split(' '), { commands });
    assert.equal(status, exitStatus.usage, line);
    assert.match(
      stderr,
      /USAGE: --(date|force|folder) given here belongs to rota (dump|demo), not to rota /,
      line,
    );
  }
  const { stdout } = await runRota(['dump', 'withdraw', '--help'], { commands });
  assert.match(stdout, /--dry-run .*\n(?:.*\n)*Global Options:\n(?:.*\n)* *--json/);
  assert.doesNotMatch(stdout, /--from-stage/);
});

test('an action says how it ended', async () => {
  for (const status of Object.values(exitStatus)) {
    assert.equal((await runRota(['x'], { commands: commandX(async () => status) })).status, status);
  }
});

test('a failure is printed once, with its code; its cause with --verbose', async () => {
  const fail = commandX(async () => {
    throw new RotaError('CONFIG_EXISTS', 'x.yaml is there already', { cause: new Error('deep down') });
  });
  const plain = await runRota(['x'], { commands: fail });
  assert.deepEqual(plain, {
    status: 2,
    stdout: '',
    stderr: 'rota: CONFIG_EXISTS: x.yaml is there already\n',
  });
  const verbose = await runRota(['x', '--verbose'], { commands: fail });
  assert.match(
    verbose.stderr,
    /^rota: CONFIG_EXISTS: x\.yaml is there already\n {2}caused by: Error: deep down\n/,
  );
});

test('a fault of Rota itself and a full disk have codes, too', async () => {
  const broken = await runRota(['x'], { commands: commandX(() => Promise.reject(new TypeError('oh'))) });
  assert.deepEqual([broken.status, broken.stderr], [1, 'rota: INTERNAL: oh\n(--verbose tells where)\n']);
  const full = Object.assign(new Error('ENOSPC: no space left'), { code: 'ENOSPC' });
  const disk = await runRota(['x'], { commands: commandX(() => Promise.reject(full)) });
  assert.equal(disk.status, 1);
  assert.match(disk.stderr, /^rota: DISK_FULL: /);
});

test('a message from elsewhere cannot steer the terminal', async () => {
  const { stderr } = await runRota(['x'], {
    commands: commandX(() =>
      Promise.reject(new RotaError('FILE_UNREADABLE', 'title \u001b[2J\u0007 and \u202e')),
    ),
  });
  assert.equal(stderr, 'rota: FILE_UNREADABLE: title \\x1b[2J\\x07 and \\x202e\n');
});

test('unknown commands and options get the nearest known one and status 2', async () => {
  const cases = [
    [['confg'], /^rota: USAGE: unknown command 'confg' \(did you mean config\?\)\n$/],
    [['config', 'chck'], /^rota: USAGE: unknown command 'chck' \(did you mean check\?\)\n$/],
    [['config', 'check', '--jsn'], /^rota: USAGE: unknown option '--jsn' \(did you mean --json\?\)\n$/],
    [['completion', 'csh'], /^rota: USAGE: .*'csh' is invalid.* bash, zsh, fish/],
    [['explain', 'CONFIG_INVALI'], /^rota: USAGE: .*did you mean CONFIG_INVALID\?\n$/],
    [['explain', 'a', 'b'], /^rota: USAGE: too many arguments/],
    [['zzzzzz'], /^rota: USAGE: unknown command 'zzzzzz'; see --help\n$/],
  ] as const;
  for (const [args, pattern] of cases) {
    const { status, stdout, stderr } = await runRota(args);
    assert.match(stderr, pattern);
    assert.deepEqual([status, stdout], [2, '']);
  }
});

test('a command that stops because it was asked to ends with 130', async () => {
  const stop = new AbortController();
  const reason = new RotaError('INTERRUPTED', 'stopped by SIGINT; run it again to go on');
  const waiting = commandX(
    (signal) =>
      new Promise((_, reject) => {
        signal.addEventListener('abort', () => reject(new DOMException('aborted', 'AbortError')));
        stop.abort(reason);
      }),
  );
  const { status, stderr } = await runRota(['x'], { commands: waiting, signal: stop.signal });
  assert.deepEqual([status, stderr], [130, 'rota: INTERRUPTED: stopped by SIGINT; run it again to go on\n']);
});

test('when the reader of standard output is gone, nobody is told', async () => {
  const stop = new AbortController();
  const { stderr } = await runRota(['x'], {
    signal: stop.signal,
    commands: commandX(async (signal) => {
      stop.abort(Object.assign(new Error('write EPIPE'), { code: 'EPIPE' }));
      throw signal.reason;
    }),
  });
  assert.equal(stderr, '');
});
