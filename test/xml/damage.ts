import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { partialMark } from '../../src/files/partial-mark.ts';
import { exitStatus } from '../containers/programs.ts';
import type { TemporaryFolder } from '../support/temporary-folder.ts';
import { xml } from './xml-tool.ts';

/** What must hold of any damaged copy of a dump: checked, repaired and read without a crash; nothing invented. */
export async function assertSaved(
  folder: TemporaryFolder,
  name: string,
  damaged: Buffer,
  content: Buffer,
  what: string,
): Promise<'harmless' | 'saved' | 'nothing'> {
  await writeFile(folder.in(name), damaged);
  const check = await xml(folder.path, 'check', '--json', name);
  const report = check.stdout === '' ? null : JSON.parse(check.stdout);
  const output = `repaired-${name}`;
  const repaired = await xml(folder.path, 'repair', name, '-o', output);
  if (repaired.status === 4) {
    // Bits that mean nothing: the content is the same.
    assert.equal(check.status, 0, `${what}: ${check.stdout}`);
    assert.ok((await plain(folder, name)).equals(content), what);
    return 'harmless';
  }
  assert.equal(check.status, 1, `${what}: ${check.stdout}${check.stderr}`);
  if (repaired.status === 1) {
    assert.match(repaired.stderr, /NOTHING_TO_SAVE/, what);
    return 'nothing';
  }
  assert.equal(repaired.status, 3, `${what}: ${repaired.stderr}`);
  const after = JSON.parse((await xml(folder.path, 'check', '--json', output)).stdout);
  assert.deepEqual([after.ok, after.partial], [true, true], what);
  if (output.endsWith('.bz2')) {
    assert.equal(exitStatus('bzip2', ['-t'], await readFile(folder.in(output))), 0, what);
  }
  const repairedContent = (await plain(folder, output)).toString('latin1');
  const kept = repairedContent.slice(0, repairedContent.indexOf(`  ${partialMark}`));
  const whole = content.toString('latin1');
  // Its last page may have been closed.
  const isPrefix = whole.startsWith(kept) || whole.startsWith(kept.replace(/ {2}<\/page>\n$/, ''));
  assert.ok(isPrefix, `${what}: it holds something else than the original's beginning`);
  if (report?.damage?.isCut === true) assert.ok(report.rawBytes >= kept.length - 200, what);
  return 'saved';
}

async function plain(folder: TemporaryFolder, name: string): Promise<Buffer> {
  assert.equal((await xml(folder.path, 'recompress', name, '-o', 'plain')).status, 0);
  return readFile(folder.in('plain'));
}

export function flipped(bytes: Buffer, at: number, mask = 0x10): Buffer {
  const copy = Buffer.from(bytes);
  copy.writeUInt8(copy.readUInt8(at) ^ mask, at);
  return copy;
}
