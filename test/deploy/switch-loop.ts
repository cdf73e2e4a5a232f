import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { execa } from 'execa';
import { systemClock } from '../../src/core/clock.ts';
import { promote } from '../../src/jobs/deploy/target/programs/promote.ts';
import { programText, type TargetProgram } from '../../src/jobs/deploy/target/target-program.ts';
import { localTransport } from '../../src/jobs/deploy/transport/local-transport.ts';
import { Session } from '../../src/jobs/deploy/transport/session.ts';
import { localHosts, makeDeployFarm } from './deploy-farm.ts';

/**
 * Switches hosts so often, all at once, while a reader of each looks at its path without a pause. What starting shells
 * costs is spared where so many switches `together` are one program, of which each runs what targets are sent for one switch.
 */
export async function switchWhileRead(
  folder: string,
  p: { readonly hosts: number; readonly switches: number; readonly together?: number },
) {
  const hosts = localHosts(folder, p.hosts);
  const farm = await makeDeployFarm(folder, hosts, { checks: [] });
  for (const text of ['one', 'two']) {
    await farm.write('a', text);
    await farm.write('b', text);
    const result = await farm.rota('push');
    assert.equal(result.status, 0, result.stderr);
  }
  const seen = await Promise.all(
    hosts.names.map((host) => switchHost(host, hosts.folderOf(host), p.switches, p.together ?? 1)),
  );
  for (const { missing, mixed, reads } of seen) {
    assert.equal(missing, 0);
    assert.equal(mixed, 0);
    assert.ok(reads > p.switches, `${reads} reads`);
  }
}

interface Seen {
  readonly reads: number;
  readonly missing: number;
  readonly mixed: number;
}

async function switchHost(host: string, path: string, switches: number, together: number): Promise<Seen> {
  using stack = new DisposableStack();
  const reader = spawn(process.execPath, ['-e', readerScript, path], { stdio: ['pipe', 'pipe', 'inherit'] });
  stack.defer(() => reader.kill('SIGKILL'));
  let said = '';
  reader.stdout.on('data', (chunk: Buffer) => {
    said += chunk.toString();
  });
  const slots = (await execa('ls', [`${path}-cache/revs`])).stdout
    .split('\n')
    .filter((name) => /^[0-9a-f]{40}$/.test(name));
  assert.equal(slots.length, 2);
  const { stdout: held } = await execa('cat', [`${path}-cache/state/fence`]);
  const [store = '', generation, counter] = held.split(' ');
  const fence = { store, generation: Number(generation), counter: Number(counter) };
  await using session = await Session.open({
    host: { name: host, address: { kind: 'local' }, root: '' },
    transport: localTransport(),
    clock: systemClock,
    connectTimeoutMs: 60_000,
    leaseMs: 60_000,
  });
  const to = (i: number) =>
    promote({ path, deadlineMs: 60_000, fence, slot: slots[i % 2] ?? '', run: 'deploy/prod/x' });
  let switched = 0;
  for (let i = 0; i < switches; i += together) {
    const { status, stdout, stderr } = await session.run(
      together === 1 ? to(i) : inOneShell([to(i), to(i + 1)], together),
    );
    assert.equal(status, 0, stderr);
    switched += stdout.toString().match(/^switched /gm)?.length ?? 0;
  }
  // What is served at the beginning is the one or the other slot.
  assert.ok(switched >= switches - 1, `${switched} switches`);
  reader.stdin.end();
  await once(reader, 'close');
  return JSON.parse(said) as Seen;
}

/** Runs programs in turn so many times, each as a target runs it, but in a copy of the shell instead of a new one. */
function inOneShell(programs: readonly TargetProgram[], times: number): TargetProgram {
  const turn = programs.map((program) => `(\n${programText(program)}) || exit`).join('\n');
  return {
    name: 'switches',
    args: [String(times / programs.length)],
    deadlineMs: 600_000,
    mutates: true,
    script: `n=$1\nwhile [ "$n" -gt 0 ]; do\n${turn}\nn=$((n - 1)); done\n`,
  };
}

/** Reads through the link and within one resolved folder until its input ends. */
const readerScript = `
const fs = require('node:fs'), path = process.argv[1];
let going = true, reads = 0, missing = 0, mixed = 0;
process.stdin.on('end', () => { going = false; }).resume();
const again = () => {
  for (let i = 0; i < 200; i++) {
    reads++;
    try {
      fs.readFileSync(path + '/a');
      const real = fs.realpathSync(path);
      if (fs.readFileSync(real + '/a', 'utf8') !== fs.readFileSync(real + '/b', 'utf8')) mixed++;
    } catch { missing++; }
  }
  if (going) setImmediate(again);
  else console.log(JSON.stringify({ reads, missing, mixed }));
};
again();
`;
