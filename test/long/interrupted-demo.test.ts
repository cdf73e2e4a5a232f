// Ctrl-C during `rota demo` and `rota demo wiki`, and machines without bzip2.
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { readdir, readFile, watch } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { describe, it } from 'node:test';
import { execa } from 'execa';
import { prepareFarm } from '../../src/demo/farm/prepare-farm.ts';
import { datesOf, smallWikis, wikiNames } from '../demo/demo-farm.ts';
import { CompressorGate } from '../support/compressor-gate.ts';
import { requires } from '../support/requirements.ts';
import { runRota, startRota } from '../support/rota.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

describe('rota demo', () => {
  it('stops at Ctrl-C while it makes the wikis and leaves nothing', async () => {
    await using folder = await temporaryFolder('demo');
    const { status, stderr } = await interrupted(['demo'], folder.path, /making the wiki/);
    assert.equal(status, 130, stderr);
    assert.deepEqual(await readdir(folder.path), []);
  });

  it('stops at Ctrl-C while it dumps, and the next start goes on with the same date', {
    skip: requires('bzip2'),
  }, async () => {
    await using folder = await temporaryFolder('demo');
    const gate = await CompressorGate.make(folder.path);
    const farm = folder.in('.rota-demo');
    await prepareFarm(farm, { wikis: smallWikis });
    const { status, stderr } = await interrupted(['demo'], folder.path, /spool +done/, gate.env);
    await gate.open();
    assert.equal(status, 130, stderr);
    const again = await runRota(['demo'], { cwd: folder.path });
    assert.equal(again.status, 0, again.stderr);
    assert.match(again.stderr, /= spool +done before/);
    assert.doesNotMatch(again.stderr, /a day passes/);
    for (const wiki of wikiNames) assert.equal((await datesOf(farm, wiki)).length, 1);
  });

  it('is what npm start runs: its script passes Ctrl-C on and gives the status', {
    skip: requires('bzip2'),
  }, async () => {
    await using folder = await temporaryFolder('demo');
    const gate = await CompressorGate.make(folder.path);
    await prepareFarm(folder.in('.rota-demo'), { wikis: smallWikis });
    const script = resolve(import.meta.dirname, '../../scripts/start.mjs');
    const child = execa(process.execPath, [script, '--no-serve'], {
      cwd: folder.path,
      reject: false,
      env: gate.env,
    });
    const { status, stderr } = await interruptedWhen(child, /spool +done/);
    assert.equal(status, 130, stderr);
    const unknown = await execa(process.execPath, [script, '--nonsense'], {
      cwd: folder.path,
      reject: false,
    });
    assert.equal(unknown.exitCode, 2);
  });

  it('publishes zst only where there is no bzip2, and says what one would add', async () => {
    await using folder = await temporaryFolder('demo');
    const farm = folder.in('farm');
    await prepareFarm(farm, { wikis: smallWikis });
    const args = ['demo', '--folder', 'farm'];
    const { status, stderr } = await runRota(args, { cwd: folder.path, env: { PATH: folder.in('nowhere') } });
    assert.equal(status, 0, stderr);
    assert.match(stderr, /neither bzip2 nor lbzip2 is installed/);
    for (const wiki of wikiNames) {
      const [date = ''] = await datesOf(farm, wiki);
      const names = await readdir(join(farm, 'public', wiki, date));
      assert.ok(names.includes(`${wiki}-${date}-pages-meta-history.xml.zst`), names.join('\n'));
      assert.deepEqual(
        names.filter((name) => name.includes('.bz2')),
        [],
      );
    }
    assert.match(await readFile(join(farm, 'rota.yaml'), 'utf8'), /bzip2 was not installed/);
  });
});

describe('rota demo wiki', () => {
  it('stops at Ctrl-C and leaves nothing that could be taken for a wiki', async () => {
    await using folder = await temporaryFolder('demo');
    const file = folder.in('wiki.sqlite');
    const args = ['demo', 'wiki', 'wiki.sqlite', '--pages', '5000', '--revisions', '500000'];
    const child = startRota(args, { cwd: folder.path });
    for await (const _event of watch(folder.path)) if (existsSync(file)) break;
    child.kill('SIGINT');
    const { exitCode } = await child;
    assert.equal(exitCode, 130);
    const refused = await runRota(['demo', 'day', 'wiki.sqlite'], { cwd: folder.path });
    assert.equal(refused.status, 2, refused.stderr);
    const made = await runRota(['demo', 'wiki', 'wiki.sqlite', '--pages', '50', '--revisions', '60'], {
      cwd: folder.path,
    });
    assert.equal(made.status, 0, made.stderr);
  });
});

/** Runs a command and sends it one SIGINT when its standard error says so. */
async function interrupted(
  args: readonly string[],
  cwd: string,
  when: RegExp,
  env: Readonly<Record<string, string>> = {},
): Promise<Interrupted> {
  return await interruptedWhen(startRota(args, { cwd, env }), when);
}

interface Interrupted {
  readonly status: number;
  readonly stderr: string;
}

async function interruptedWhen(
  child: PromiseLike<{ readonly exitCode?: number | undefined }> & {
    readonly stderr: NodeJS.ReadableStream;
    kill(signal: 'SIGINT'): boolean;
  },
  when: RegExp,
): Promise<Interrupted> {
  let seen = '';
  let isAsked = false;
  child.stderr.on('data', (bytes: Buffer) => {
    seen += bytes.toString();
    if (isAsked || !when.test(seen)) return;
    isAsked = true;
    child.kill('SIGINT');
  });
  const { exitCode } = await child;
  return { status: exitCode ?? 128, stderr: seen };
}
