import assert from 'node:assert/strict';
import { lstatSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { isRotaError } from '../../../core/errors/rota-error.ts';
import { FileSink } from './byte-sink.ts';

describe('an output that is named', () => {
  let folder: string;
  const at = (name: string) => join(folder, name);
  const write = async (name: string, text: string) => {
    await using sink = await FileSink.open(at(name));
    await sink.write(Buffer.from(text));
    await sink.finish();
  };

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'rota-staged-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it('takes the place of a file only when it is whole', async () => {
    writeFileSync(at('old'), 'old');
    {
      await using sink = await FileSink.open(at('old'));
      await sink.write(Buffer.from('half'));
      assert.equal(readFileSync(at('old'), 'utf8'), 'old');
    }
    assert.deepEqual(readdirSync(folder), ['old']);
    await write('old', 'new');
    assert.equal(readFileSync(at('old'), 'utf8'), 'new');
    assert.deepEqual(readdirSync(folder), ['old']);
  });

  // By a link: a failure of this test must not cost the machine its device.
  it('never takes the place of a device', async () => {
    symlinkSync('/dev/null', at('null'));
    await write('null', 'anything');
    assert.ok(lstatSync(at('null')).isSymbolicLink());
    assert.deepEqual(readdirSync(folder), ['null']);
  });

  it('that is a device without room fails', async () => {
    symlinkSync('/dev/full', at('full'));
    await assert.rejects(write('full', 'anything'), (error) => isRotaError(error, 'DISK_FULL'));
    assert.ok(lstatSync(at('full')).isSymbolicLink());
  });

  it('is refused at once where a folder is', async () => {
    mkdirSync(at('folder'));
    await assert.rejects(FileSink.open(at('folder')), (error) => isRotaError(error, 'OUTPUT_UNWRITABLE'));
    assert.deepEqual(readdirSync(folder), ['folder']);
  });

  it('is of one process: bytes of two never mix, and the one that began first is told', async () => {
    await using first = await FileSink.open(at('file'));
    await first.write(Buffer.from('first, '));
    await using second = await FileSink.open(at('file'));
    await second.write(Buffer.from('second'));
    await first.write(Buffer.from('and more'));
    await assert.rejects(first.finish(), (error) => isRotaError(error, 'OUTPUT_UNWRITABLE'));
    await first[Symbol.asyncDispose]();
    await second.finish();
    assert.equal(readFileSync(at('file'), 'utf8'), 'second');
  });

  it('is written after a process that was killed left a part of it', async () => {
    writeFileSync(at('file.part'), 'left by a killed process');
    await write('file', 'new');
    assert.deepEqual([readdirSync(folder), readFileSync(at('file'), 'utf8')], [['file'], 'new']);
  });
});
