import assert from 'node:assert/strict';
import { once } from 'node:events';
import {
  chmod,
  copyFile,
  mkdir,
  readdir,
  readFile,
  readlink,
  rm,
  stat,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { execa } from 'execa';
import { systemClock } from '../../src/core/clock.ts';
import { targetFailure } from '../../src/jobs/deploy/target/failures.ts';
import { observe, parseObservation } from '../../src/jobs/deploy/target/programs/observe.ts';
import { prepare } from '../../src/jobs/deploy/target/programs/prepare.ts';
import { promote } from '../../src/jobs/deploy/target/programs/promote.ts';
import { publishAssets } from '../../src/jobs/deploy/target/programs/publish-assets.ts';
import { incomingPath, install, unpack } from '../../src/jobs/deploy/target/programs/receive.ts';
import { fetchPack, offer, withdraw } from '../../src/jobs/deploy/target/programs/relay.ts';
import { parseDrift, verify } from '../../src/jobs/deploy/target/programs/verify.ts';
import { escapeLine } from '../../src/jobs/deploy/target/quote.ts';
import type { TargetProgram } from '../../src/jobs/deploy/target/target-program.ts';
import { agentScript } from '../../src/jobs/deploy/transport/agent-script.ts';
import { localTransport } from '../../src/jobs/deploy/transport/local-transport.ts';
import { receiveFile } from '../../src/jobs/deploy/transport/receive-file.ts';
import { Session } from '../../src/jobs/deploy/transport/session.ts';
import { buildVersion } from '../../src/jobs/deploy/version/build-version.ts';
import { makePack } from '../../src/jobs/deploy/version/make-pack.ts';
import { VersionRepository } from '../../src/jobs/deploy/version/version-repository.ts';
import { findProgram, type RequirementName, requires } from '../support/requirements.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

interface Shell {
  readonly name: string;
  readonly needs: readonly RequirementName[];
  /** Programs that stand before all others on the target's path. */
  links(): Promise<ReadonlyMap<string, string>>;
}

const shells: readonly Shell[] = [
  { name: 'dash', needs: ['git'], links: async () => new Map([['sh', findProgram('dash') ?? '/bin/sh']]) },
  { name: 'bash', needs: ['git'], links: async () => new Map([['sh', findProgram('bash') ?? '/bin/bash']]) },
  {
    name: 'busybox with its own tools',
    needs: ['git', 'busybox'],
    links: async () => {
      const busybox = findProgram('busybox') ?? '';
      const { stdout } = await execa(busybox, ['--list']);
      return new Map(stdout.split('\n').map((applet) => [applet, busybox]));
    },
  },
];

async function numberIn(file: string): Promise<number> {
  for (;;) {
    const text = await readFile(file, 'utf8').catch(() => '');
    if (text.endsWith('\n')) return Number(text);
    await setTimeout(20);
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

for (const shell of shells) {
  suite(`programs on a target with ${shell.name}`, { skip: requires(...shell.needs) }, () => {
    test('what plain programs print comes as it is, and none outlives its session', async () => {
      await using folder = await temporaryFolder('plain');
      const bin = folder.in('bin');
      await mkdir(bin);
      for (const [name, target] of await shell.links()) await symlink(target, join(bin, name));
      const env = [`PATH=${bin}:${process.env.PATH ?? ''}`, `TMPDIR=${folder.path}`];
      const session = await Session.open({
        host: { name: 'h', address: { kind: 'local' }, root: '' },
        transport: localTransport(['/usr/bin/env', ...env, join(bin, 'sh')]),
        clock: systemClock,
        connectTimeoutMs: 60_000,
        leaseMs: 60_000,
      });
      const pidFile = folder.in('pid');
      const program = (script: string, plain = true): TargetProgram => ({
        name: 'x',
        args: [pidFile],
        script,
        deadlineMs: 60_000,
        mutates: false,
        ...(plain ? { plain: true } : {}),
      });
      const run = (script: string, plain?: boolean) => session.run(program(script, plain));
      for (const text of ['', '\n', 'one\n', '\n\ntwo \\t %s\n\n', '\tÄ €\n -n\n']) {
        const said = `printf %s '${text}'; exit 7`;
        for (const plain of [true, false]) {
          const { status, stdout, stderr } = await run(said, plain);
          assert.deepEqual([status, stdout.toString(), stderr], [7, text, '']);
        }
      }
      const both = await run(`echo out; echo err >&2; die`);
      assert.deepEqual([both.status, both.stdout.toString()], [127, 'out\n']);
      assert.match(both.stderr, /^err\n.*die/);
      // Neither variables nor traps nor the current folder of one are the next one's.
      await run('x=1 IN=nowhere; cd /tmp; umask 0; trap "echo left" EXIT; exit 3');
      const clean = await run('set +u; echo "[$x]" "$PWD" "$(umask)" "$1"; [ ! -d "$IN" ] || echo in');
      assert.equal(clean.stdout.toString(), `[] / 0022 ${pidFile}\nin\n`);
      // What a command of the site leaves behind must not hold the runner's pipe.
      assert.equal((await run('[ ! -e /dev/fd/8 ] || echo open', false)).stdout.toString(), '');
      // Nor is what that goes on printing anybody's answer.
      const noise = 'i=0; while [ $i -lt 30000 ]; do echo noise; i=$((i+1)); done';
      const noisy = await run(`(${noise}) & echo mine`, false);
      assert.match(noisy.stdout.toString(), /^mine$/m);
      for (let i = 0; i < 5; i++) assert.equal((await run('echo next', false)).stdout.toString(), 'next\n');
      const hanging = run('sh -c \'echo $$ >"$1"; exec sleep 600\' x "$1"');
      const pid = await numberIn(pidFile);
      await session[Symbol.asyncDispose]();
      await assert.rejects(hanging);
      while (isAlive(pid)) await setTimeout(20);
      assert.deepEqual(
        (await readdir(folder.path)).filter((name) => name.startsWith('rota.')),
        [],
      );
    });

    test('a file that is sent is there whole, or is what it was', async () => {
      await using folder = await temporaryFolder('sent');
      const bin = folder.in('bin');
      await mkdir(bin);
      for (const [name, target] of await shell.links()) await symlink(target, join(bin, name));
      const to = folder.in("it's $(here)");
      const send = async (input: string, bytes: number) => {
        const options = { input, reject: false, env: { PATH: `${bin}:${process.env.PATH ?? ''}` } };
        return (await execa(join(bin, 'sh'), ['-c', receiveFile(to, bytes)], options)).exitCode;
      };
      for (const [input, bytes, status, is] of [
        ['', 4, 1, null],
        ['one\n', 4, 0, 'one\n'],
        ['tw', 4, 1, 'one\n'],
        ['two\n', 4, 0, 'two\n'],
      ] as const) {
        assert.equal(await send(input, bytes), status);
        assert.equal(await readFile(to, 'utf8').catch(() => null), is);
      }
      assert.deepEqual((await readdir(folder.path)).toSorted(), ['bin', "it's $(here)"]);
    });

    test('a host that is heard all the time is never taken for one that is not', async () => {
      await using folder = await temporaryFolder('heard');
      const bin = folder.in('bin');
      await mkdir(bin);
      for (const [name, target] of await shell.links()) await symlink(target, join(bin, name));
      using agent = localTransport([
        '/usr/bin/env',
        `PATH=${bin}:${process.env.PATH ?? ''}`,
        `TMPDIR=${folder.path}`,
        join(bin, 'sh'),
      ]).open({ name: 'h', address: { kind: 'local' }, root: '' });
      agent.stdout.resume();
      const ended = agent.exited.then(() => true);
      agent.stdin.write(`${escapeLine(Buffer.from(agentScript({ nonce: 'abc', leaseSeconds: 2 })))}\n`);
      // So many that at every look of its watch one is being written down.
      const heard = 'b\n'.repeat(2_000);
      const until = performance.now() + 4_500;
      while (performance.now() < until) {
        const more = agent.stdin.write(heard);
        const next = more ? setTimeout(1) : once(agent.stdin, 'drain');
        if ((await Promise.race([ended, next])) === true) break;
      }
      assert.equal(await Promise.race([ended, setTimeout(0, false)]), false);
    });

    test('install, unpack, prepare, promote, be changed, be seen, be made anew', async () => {
      await using folder = await temporaryFolder('shell');
      const bin = folder.in('bin');
      await mkdir(bin);
      for (const [name, target] of await shell.links()) await symlink(target, join(bin, name));
      const path = `${bin}:${process.env.PATH ?? ''}`;
      await using session = await Session.open({
        host: { name: 'h', address: { kind: 'local' }, root: '' },
        transport: localTransport(['/usr/bin/env', `PATH=${path}`, join(bin, 'sh')]),
        clock: systemClock,
        connectTimeoutMs: 60_000,
        leaseMs: 60_000,
      });
      const run = async (program: TargetProgram) => {
        const result = await session.run(program);
        const failure = targetFailure('h', program, result);
        if (failure !== null) throw failure;
        return result.stdout;
      };
      const source = folder.in('code');
      await mkdir(join(source, 'folder'), { recursive: true });
      await writeFile(join(source, "it's"), 'one\r\n');
      await writeFile(join(source, 'folder/x'), 'x');
      await writeFile(join(source, 'run'), '#!/bin/sh\n');
      await chmod(join(source, 'run'), 0o755);
      const repository = await VersionRepository.open(folder.in('versions.git'));
      const build = () =>
        buildVersion(repository, { source, build: { ignore: [], allow: [] } }, { now: new Date() });
      const target = folder.in('target dir');
      await mkdir(target);
      const site = {
        path: join(target, 'wiki'),
        deadlineMs: 60_000,
        fence: { store: 's', generation: 1, counter: 1 },
      };
      const slots = { keep: 2, minAgeMs: 0, unseenProcesses: 'ignore' } as const;
      const content = [
        { kind: 'file', path: 'private/keys', mode: '0640', group: null, bytes: Buffer.from("it's\n\\0") },
        { kind: 'folder', path: 'images', mode: '0775', group: null, bytes: null },
      ] as const;
      const bring = async (base: string | null) => {
        const { name: version, commit } = await build();
        const pack = await makePack(repository, commit, base);
        await run(unpack({ ...site, ...pack, pack: await readFile(pack.file), version, commit }));
        return commit;
      };
      const relay = async () => {
        const { commit, name: version } = await build();
        const { file, sha256, bytes, indexBytes } = await makePack(repository, commit, null);
        const keys = folder.in('keys of/relay');
        await mkdir(folder.in('keys of'));
        await writeFile(keys, 'ssh-rsa AAAA somebody else\n');
        const there = folder.in('it"s there');
        await copyFile(file, there);
        const pack = { ...site, sha256, bytes };
        const way = { kind: 'command', command: `cat "$2"; test "$1" = h2` } as const;
        const get = (from: string, timeoutMs: number) => fetchPack({ ...pack, from, way, timeoutMs });
        await copyFile(file, incomingPath(site.path, sha256));
        for (const [publicKey, address] of [
          ['ssh-ed25519 old', '::1'],
          ['ssh-ed25519 new', '10.0.0.1'],
          ['ssh-ed25519 new', '10.0.0.2'],
        ] as const) {
          await run(offer({ ...pack, publicKey, addresses: [address, '::2'], authorizedKeys: keys }));
        }
        const lines = (await readFile(keys, 'utf8')).trim().split('\n');
        assert.equal(lines.length, 3);
        assert.equal(lines[0], 'ssh-rsa AAAA somebody else');
        const form =
          /^restrict,expiry-time="\d{12}",from="10\.0\.0\.2,::2",command="exec cat '[^"]*\.pack'" ssh-ed25519 new rota-relay:[0-9a-f]{16}$/;
        assert.match(lines[2] ?? '', form);
        await assert.rejects(run(get('h3', 60_000)), /status 69/);
        assert.deepEqual(await readdir(`${site.path}-cache/incoming`), []);
        const command = `cat '${there}'`;
        await run(fetchPack({ ...pack, from: 'h2', way: { kind: 'command', command }, timeoutMs: 60_000 }));
        await run(unpack({ ...site, pack: null, sha256, indexBytes, version, commit, stays: true }));
        assert.deepEqual(await readdir(`${site.path}-cache/incoming`), [`${sha256}.pack`]);
        await run(withdraw({ ...site, authorizedKeys: keys }));
        assert.deepEqual(await readdir(`${site.path}-cache/incoming`), []);
        assert.equal(await readFile(keys, 'utf8'), 'ssh-rsa AAAA somebody else\n');
      };
      const serve = async (commit: string) => {
        const how = await run(
          prepare({
            ...site,
            slot: commit,
            commit,
            description: Buffer.from(JSON.stringify({ commit })),
            record: Buffer.from('{}\n'),
            ...slots,
            content,
          }),
        );
        await run(promote({ ...site, slot: commit, run: 'deploy/x/1' }));
        return how.toString().trim();
      };
      const look = async (prove: 'stat' | 'content') =>
        parseObservation(await run(observe({ ...site, prove })));

      assert.deepEqual((await look('stat')).missing, []);
      await run(install({ ...site, instance: 'i' }));
      await relay();
      const first = await bring(null);
      assert.equal(await serve(first), 'new');
      // Its words and its folder below the path are those of the version that was served when it began.
      const reading = 'pwd; read -r word; cat "$1"';
      const pinned = execa(
        `${site.path}-cache/rota-pin`,
        ['sh', '-c', reading, 'x', join(site.path, 'folder/x')],
        {
          cwd: join(site.path, 'folder'),
          env: { PATH: path, PWD: join(site.path, 'folder') },
          reject: false,
        },
      );
      let pinnedSaid = '';
      pinned.stdout?.on('data', (chunk: Buffer) => {
        pinnedSaid += chunk;
      });
      while (!pinnedSaid.includes('\n')) await once(pinned.stdout ?? pinned, 'data');
      assert.equal(pinnedSaid, `${site.path}-cache/revs/${first}/folder\n`);
      assert.equal(await readlink(site.path), `wiki-cache/revs/${first}`);
      assert.equal(await readFile(join(site.path, "it's"), 'utf8'), 'one\r\n');
      assert.equal((await look('content')).intact, true);
      assert.equal(await readFile(join(site.path, 'private/keys'), 'utf8'), "it's\n\\0");
      assert.equal((await stat(join(site.path, 'private/keys'))).mode & 0o777, 0o640);
      await writeFile(join(site.path, 'images/upload.png'), 'stays');

      await rm(join(source, 'folder'), { recursive: true });
      await writeFile(join(source, 'folder'), 'a file now');
      const second = await bring(first);
      assert.equal(await serve(second), 'new');
      // The slot that left service is changed in every way before it is used again.
      const old = join(target, 'wiki-cache/revs', first);
      await writeFile(join(old, "it's"), 'edited');
      await writeFile(join(old, 'untracked'), 'left');
      await mkdir(join(old, 'nested/.git'), { recursive: true });
      await chmod(join(old, 'run'), 0o700);
      await writeFile(join(source, 'third'), '3');
      const third = await bring(second);
      assert.equal(await serve(third), 'new');
      await writeFile(join(source, 'fourth'), '4');
      const fourth = await bring(third);
      assert.equal(await serve(fourth), 'new', 'what a command is pinned to is left as it is');
      pinned.stdin?.end('go on\n');
      const { stdout, stderr, exitCode } = await pinned;
      assert.deepEqual([stdout.split('\n')[1], stderr, exitCode], ['x', '', 0]);
      await writeFile(`${site.path}-cache/revs/${second}.pin`, '');
      await writeFile(join(source, 'fourth'), '5');
      const fifth = await bring(fourth);
      assert.equal(await serve(fifth), `recycled ${first}`);
      assert.deepEqual(parseDrift(await run(verify({ ...site, content: true, assets: [] }))), []);
      assert.equal((await look('content')).intact, true);
      assert.equal(await readFile(join(site.path, 'images/upload.png'), 'utf8'), 'stays');
      await writeFile(join(site.path, 'private/keys'), 'stolen');
      await rm(join(site.path, 'images'));
      assert.equal((await look('stat')).intact, false);
      assert.deepEqual(parseDrift(await run(verify({ ...site, content: false, assets: [] }))), [
        { path: 'images', kind: 'deleted' },
        { path: 'private/keys', kind: 'modified' },
      ]);
      const publish = (prove: boolean) =>
        publishAssets({
          ...site,
          commit: fifth,
          hash: 'h',
          seconds: 1e9,
          paths: ['run'],
          keep: 1,
          prove,
        });
      assert.equal((await run(publish(false))).toString(), 'published\n');
      assert.equal((await run(publish(false))).toString(), 'kept\n');
      assert.equal((await stat(`${site.path}-assets/h/run`)).mtimeMs, 1e12);
      // A folder in the place of a file, and a name as hostile as it may be.
      await rm(`${site.path}-assets/h/run`);
      await mkdir(`${site.path}-assets/h/run/-rf $(x)\n`, { recursive: true });
      await writeFile(`${site.path}-assets/h/run/-rf $(x)\n/x`, 'x');
      assert.equal((await run(publish(true))).toString(), 'repaired\n');
      assert.equal((await run(publish(true))).toString(), 'kept\n');
      assert.equal(await readFile(`${site.path}-assets/h/run`, 'utf8'), '#!/bin/sh\n');
      assert.equal((await stat(`${site.path}-assets/h/run`)).mtimeMs, 1e12);

      await writeFile(join(site.path, 'run'), 'changed');
      assert.equal((await look('stat')).intact, false);
      await assert.rejects(
        run(promote({ ...site, fence: { store: 's', generation: 1, counter: 0 }, slot: first, run: 'x' })),
        {
          code: 'LEASE_LOST',
        },
      );
      await assert.rejects(run(promote({ ...site, slot: first, run: 'x' })), { code: 'NOT_PREPARED' });
      await assert.rejects(
        run(promote({ ...site, fence: { store: 't', generation: 9, counter: 9 }, slot: third, run: 'x' })),
        {
          code: 'FOREIGN_STORE',
        },
      );
      assert.equal((await look('stat')).current, fifth);
    });
  });
}
