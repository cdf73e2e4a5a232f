import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { chmod, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { isRotaError } from '../../src/core/errors/rota-error.ts';
import { Bz2Compressor, findBz2Program } from '../../src/export/containers/bz2/compressor.ts';
import { listBlocks } from '../../src/export/containers/bz2/layout.ts';
import { Bz2Splicer } from '../../src/export/containers/bz2/splicer.ts';
import type { Program } from '../../src/export/containers/program.ts';
import {
  childrenNamed,
  exitStatus,
  missing,
  pathOf,
  readFirstStream,
  run,
  searchPath,
  wikiText,
} from './programs.ts';

let folder = '';
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rota-bz2-'));
});
after(() => rm(folder, { recursive: true }));

const never = new AbortController().signal;
const program = (name: string): Program => ({ name, path: pathOf(name) ?? '' });

/** A program that is a shell script, to be faulty in every way. */
async function script(name: string, body: string): Promise<Program> {
  const path = join(folder, name);
  await writeFile(path, `#!/bin/sh\n${body}\n`);
  await chmod(path, 0o755);
  return { name, path };
}

/** Asks again until there is an answer. */
async function until<T>(ask: () => Promise<T | null>): Promise<T> {
  for (const endMs = performance.now() + 60_000; performance.now() < endMs; ) {
    const answer = await ask();
    if (answer !== null) return answer;
    await delay(20);
  }
  throw new Error('nothing happened within a minute');
}

/** A process that has ended and was not waited for yet is none any more. */
function isAlive(pid: number): boolean {
  try {
    return !/^State:\s+[ZX]/m.test(readFileSync(`/proc/${pid}/status`, 'latin1'));
  } catch {
    return false;
  }
}

// Odd on purpose: empty, tiny, one block, runs that bzip2's first stage lengthens past a block, two blocks.
const bundles = [
  Buffer.from('<mediawiki>\n'),
  wikiText(300_000, 1),
  Buffer.alloc(0),
  wikiText(5, 2),
  Buffer.from('aaaabbbbccccdddd'.repeat(55_000)),
  wikiText(1_900_000, 3),
  Buffer.from('</mediawiki>\n'),
];
const whole = Buffer.concat(bundles);

for (const name of ['lbzip2', 'bzip2']) {
  describe(`bundles compressed by ${name}`, { skip: missing(name) }, () => {
    it('become one stream that every decoder reads whole', async () => {
      const compressor = new Bz2Compressor({ program: program(name), concurrency: 2, signal: never });
      const splicer = new Bz2Splicer();
      const out: Buffer[] = [];
      let blocks = 0;
      for await (const bundle of compressor.compressAll(bundles)) {
        blocks += bundle.blocks;
        out.push(splicer.append(bundle.stream, bundle));
      }
      out.push(splicer.finish());
      const spliced = Buffer.concat(out);
      assert.equal(listBlocks(spliced).length, blocks);
      assert.ok(blocks >= 8, `${blocks} blocks: some bundles have two`);
      const path = join(folder, `${name}.bz2`);
      await writeFile(path, spliced);
      for (const decoder of ['bzip2', 'lbzip2']) {
        if (pathOf(decoder) === null) continue;
        assert.ok(run(decoder, ['-dc'], spliced).equals(whole), decoder);
        assert.equal(exitStatus(decoder, ['-t'], spliced), 0);
      }
      if (pathOf('python3') !== null) {
        const { raw, isAll } = readFirstStream(path);
        assert.ok(isAll && raw.equals(whole), 'python3');
      }
    });

    it('pieces spliced apart join into one, read by a decoder', async () => {
      const compressor = new Bz2Compressor({ program: program(name), concurrency: 2, signal: never });
      const pieces = [new Bz2Splicer(), new Bz2Splicer()];
      const written: Buffer[][] = [[], []];
      let i = 0;
      for await (const bundle of compressor.compressAll(bundles)) {
        const piece = i < 3 ? 0 : 1;
        written[piece]?.push(pieces[piece]?.append(bundle.stream, bundle) ?? Buffer.alloc(0));
        i += 1;
      }
      const file = new Bz2Splicer();
      const out = pieces.flatMap((piece, p) => {
        const bytes = Buffer.concat([...(written[p] ?? []), piece.finish()]);
        const cuts = [0, 1, 17, Math.floor(bytes.length / 2), bytes.length];
        const parts = cuts.slice(1).map((end, c) => file.write(bytes.subarray(cuts[c], end)));
        return [...parts, file.end(piece.state.blocks)];
      });
      assert.ok(run(name, ['-dc'], Buffer.concat([...out, file.finish()])).equals(whole));
    });
  });
}

describe('the compressor', () => {
  it('says what to install when there is no program', async () => {
    await assert.rejects(findBz2Program(folder), (error) => {
      assert.ok(isRotaError(error, 'PROGRAM_MISSING'));
      assert.match(error.message, /install lbzip2 \(faster\) or bzip2/);
      return true;
    });
  });

  it('prefers lbzip2', { skip: missing('lbzip2', 'bzip2') }, async () => {
    assert.equal((await findBz2Program(searchPath)).name, 'lbzip2');
  });

  it('runs no more processes at once than it may, over several callers', {
    skip: missing('bzip2'),
  }, async () => {
    const compressor = new Bz2Compressor({ program: program('bzip2'), concurrency: 2, signal: never });
    let most = 0;
    const all = Array.from({ length: 8 }, async (_, seed) => {
      await compressor.compress(wikiText(50_000, seed));
      most = Math.max(most, childrenNamed('bzip2'));
    });
    await Promise.all(all);
    assert.ok(most <= 2, `${most} processes`);
  });

  const faults: [string, string, RegExp][] = [
    ['fails', 'cat >/dev/null; echo "out of memory" >&2; exit 3', /exit status 3 and said: out of memory/],
    ['is killed', 'kill -9 $$', /was killed by SIGKILL/],
    ['does not read its input', 'exit 1', /exit status 1/],
    ['gives something else', 'cat', /not one bz2 stream/],
    ['gives only half', 'bzip2 -c | head -c 1000', /not one bz2 stream/],
  ];
  for (const [name, body, message] of faults) {
    it(`tells of a program that ${name}`, { skip: missing('cat', 'head', 'bzip2') }, async () => {
      const faulty = await script(
        `faulty-${faults.findIndex(([other]) => other === name)}`,
        `PATH=${searchPath}\n${body}`,
      );
      for (const byShell of [{}, { folder }]) {
        using compressor = new Bz2Compressor({
          program: faulty,
          concurrency: 1,
          signal: never,
          ...byShell,
        });
        // Twice: after a failure the next bundle is begun as if nothing had been.
        for (const seed of [1, 2]) {
          await assert.rejects(compressor.compress(wikiText(400_000, seed)), (error) => {
            assert.ok(isRotaError(error, 'COMPRESSOR_FAILED'), String(error));
            assert.match(error.message, message);
            return true;
          });
        }
      }
    });
  }

  it('tells of a program that cannot be started', async () => {
    const compressor = new Bz2Compressor({
      program: { name: 'bzip2', path: folder },
      concurrency: 1,
      signal: never,
    });
    await assert.rejects(compressor.compress(Buffer.from('x')), (error) =>
      isRotaError(error, 'COMPRESSOR_FAILED'),
    );
  });

  it('compresses many bundles by shells, in any order, and leaves nothing behind', {
    skip: missing('bzip2', 'lbzip2'),
  }, async () => {
    for (const name of ['bzip2', 'lbzip2']) {
      const scratch = await mkdtemp(join(folder, 'scratch-'));
      {
        using compressor = new Bz2Compressor({
          program: program(name),
          concurrency: 2,
          signal: never,
          folder: scratch,
        });
        const made = await Promise.all(bundles.map((raw) => compressor.compress(raw)));
        for (const [index, { stream, rawBytes, blocks }] of made.entries()) {
          assert.ok(run(name, ['-dc'], stream).equals(bundles[index] ?? Buffer.alloc(0)), `${name} ${index}`);
          assert.equal(rawBytes, bundles[index]?.length);
          assert.equal(blocks, listBlocks(stream).length);
        }
        assert.ok((await readdir(scratch)).length <= 2);
      }
      assert.deepEqual(await readdir(scratch), []);
    }
  });

  it('kills what its shells have started when it is aborted or disposed of', {
    skip: missing('sleep'),
  }, async () => {
    const pids = join(folder, 'pids');
    const endless = await script('endless-too', `echo $$ >>'${pids}'\nPATH=${searchPath}\nexec sleep 1000`);
    for (const end of ['abort', 'dispose']) {
      await writeFile(pids, '');
      const stop = new AbortController();
      const compressor = new Bz2Compressor({
        program: endless,
        concurrency: 2,
        signal: stop.signal,
        folder,
      });
      const under = [compressor.compress(Buffer.from('a')), compressor.compress(Buffer.from('b'))];
      const ended = Promise.allSettled(under);
      const started = await until(async () => {
        const lines = (await readFile(pids, 'utf8')).split('\n').filter((line) => line !== '');
        return lines.length === 2 ? lines : null;
      });
      const reason = new Error('enough');
      if (end === 'abort') stop.abort(reason);
      compressor[Symbol.dispose]();
      for (const result of await ended) {
        assert.ok(result.status === 'rejected');
        if (end === 'abort') assert.equal(result.reason, reason);
        else assert.ok(isRotaError(result.reason, 'COMPRESSOR_FAILED'));
      }
      await until(async () => (started.some((pid) => isAlive(Number(pid))) ? null : true));
    }
  });

  it('ends its processes when it is aborted', { skip: missing('sleep') }, async () => {
    const stop = new AbortController();
    const endless = await script('endless', 'exec sleep 1000');
    const compressor = new Bz2Compressor({ program: endless, concurrency: 2, signal: stop.signal });
    const under = [compressor.compress(Buffer.from('a')), compressor.compress(Buffer.from('b'))];
    const reason = new Error('enough');
    stop.abort(reason);
    const results = await Promise.allSettled(under);
    assert.deepEqual(results, [
      { status: 'rejected', reason },
      { status: 'rejected', reason },
    ]);
    assert.equal(childrenNamed('sleep') + childrenNamed('endless'), 0);
  });
});
