// Dumps damaged in random ways (by seed): scanner and decoders neither hang nor crash; they give one clear answer.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { describe, it } from 'node:test';
import { isRotaError } from '../../src/core/errors/rota-error.ts';
import { Bz2BlockDecoder } from '../../src/export/containers/bz2/decode/block-decoder.ts';
import { BlockFault } from '../../src/export/containers/bz2/decode/block-fault.ts';
import { mostRawBytes } from '../../src/export/containers/bz2/decode/unfold.ts';
import { findMarks } from '../../src/export/containers/bz2/layout.ts';
import { xmlParts } from '../../src/export/scanner/xml-parts.ts';
import { dumpXml, somePages } from '../../src/files/testing/small-dump.ts';
import { program, requires } from '../support/requirements.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { assertSaved, assertWhole, flipped } from '../xml/damage.ts';
import { xml } from '../xml/xml-tool.ts';

const seed = Number(process.env.ROTA_SEED ?? Date.now() % 1_000_000);
/** No run is begun after so long. */
const limitMs = 60_000;

function random(of: number): () => number {
  let state = of >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

/** Cuts, flips, doubles, drops, fills or swaps a part. */
function damage(bytes: Buffer, next: () => number): Buffer {
  const at = Math.floor(next() * bytes.length);
  const to = Math.min(bytes.length, at + 1 + Math.floor(next() ** 3 * 5000));
  const [before, part, after] = [bytes.subarray(0, at), bytes.subarray(at, to), bytes.subarray(to)];
  switch (Math.floor(next() * 6)) {
    case 0:
      return Buffer.from(before);
    case 1:
      return flipped(bytes, Math.min(at, bytes.length - 1), 1 << Math.floor(next() * 8));
    case 2:
      return Buffer.concat([before, part, part, after]);
    case 3:
      return Buffer.concat([before, after]);
    case 4:
      return Buffer.concat([before, Buffer.alloc(part.length), after]);
    default:
      return Buffer.concat([before, Buffer.from(part).reverse(), after]);
  }
}

describe(`dumps damaged by seed ${seed}`, { skip: requires('bzip2', '7z') }, () => {
  const content = Buffer.from(dumpXml(somePages(40, 400)));

  it('are checked, repaired and searched, and never taken for what they are not', async () => {
    await using folder = await temporaryFolder('fuzz');
    const next = random(seed);
    await writeFile(folder.in('d.xml'), content);
    execFileSync(program('bzip2'), ['-1', '-k', folder.in('d.xml')]);
    const streams = ['--multistream', '--pages-per-stream', '7'];
    for (const [file, ...more] of [['d.xml.zst'], ['d.xml.gz'], ['m.xml.bz2', ...streams]]) {
      assert.equal((await xml(folder.path, 'recompress', 'd.xml', '-o', file ?? '', ...more)).status, 0);
    }
    const end = Date.now() + limitMs;
    let runs = 0;
    for (; runs < 400 && Date.now() < end; runs += 1) {
      const file = ['d.xml.bz2', 'm.xml.bz2', 'd.xml.zst', 'd.xml.gz'][runs % 4] ?? '';
      const damaged = damage(await readFile(folder.in(file)), next);
      const what = `seed ${seed}, run ${runs}, ${file}`;
      // What was doubled or dropped between two streams, and is sound XML again, is another dump: only no crash counts.
      await writeFile(folder.in(`x-${file}`), damaged);
      for (const args of [
        ['check'],
        ['count'],
        ['last-page'],
        ['last-rev'],
        ['find-page', '--id', '60'],
        ['cat'],
      ]) {
        const [command = '', ...more] = args;
        const { status, stderr } = await xml(folder.path, command, `x-${file}`, ...more);
        assert.ok(
          [0, 1, 2, 4].includes(status),
          `${what}: ${args.join(' ')} ended with ${status}: ${stderr}`,
        );
        assert.doesNotMatch(stderr, /INTERNAL|RangeError|TypeError/, `${what}: ${args.join(' ')}`);
      }
      // Where checksums prove what is read, nothing but the original's pages is saved, wherever the damage is.
      if (/bz2|zst/.test(file)) {
        const { status, stderr } = await xml(folder.path, 'repair', `x-${file}`, '-o', 'saved.xml');
        assert.ok([1, 3, 4].includes(status), `${what}: repair ended with ${status}: ${stderr}`);
        assert.doesNotMatch(stderr, /INTERNAL|RangeError|TypeError/, what);
        if (status === 3) assertWhole(await readFile(folder.in('saved.xml')), content, what);
      }
      if (damaged.length <= 0.9 * content.length && (runs & 4) === 0) {
        const cut = (await readFile(folder.in(file))).subarray(0, Math.floor(next() * damaged.length));
        await assertSaved(folder, `y-${file}`, cut, content, what);
      }
    }
    console.log(`seed ${seed}: ${runs} damaged files`);
    assert.ok(runs > 0);
  });

  it('give whole blocks or a fault, whatever bits are flipped', async () => {
    const next = random(seed);
    const stream = execFileSync(program('bzip2'), ['-9', '-c'], { input: content });
    const [mark] = findMarks(stream, 'block', 0, stream.length * 8);
    const decoder = new Bz2BlockDecoder();
    const { raw } = decoder.decode(stream, mark?.bitOffset ?? 0);
    const end = Date.now() + limitMs / 2;
    for (let run = 0; run < 3000 && Date.now() < end; run += 1) {
      const damaged = damage(stream, next);
      try {
        const block = decoder.decode(damaged, 32);
        assert.ok(block.raw.equals(raw) && block.raw.length <= mostRawBytes, `seed ${seed}, run ${run}`);
      } catch (error) {
        assert.ok(error instanceof BlockFault, `seed ${seed}, run ${run}: ${error}`);
      }
    }
  });

  it('are cut into parts that make up the XML again', async () => {
    const next = random(seed);
    const end = Date.now() + limitMs / 2;
    for (let run = 0; run < 500 && Date.now() < end; run += 1) {
      const damaged = damage(damage(content, next), next);
      const parts: Buffer[] = [];
      const chunk = 1 + Math.floor(next() * 3000);
      const chunks = Array.from({ length: Math.ceil(damaged.length / chunk) }, (_, i) =>
        damaged.subarray(i * chunk, (i + 1) * chunk),
      );
      try {
        for await (const part of xmlParts(chunks)) if (part.kind !== 'end') parts.push(part.bytes);
      } catch (error) {
        assert.ok(isRotaError(error), `seed ${seed}, run ${run}: ${error}`);
      }
      assert.ok(Buffer.concat(parts).equals(damaged), `seed ${seed}, run ${run}`);
    }
  });
});
