import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { exitStatus } from '../containers/programs.ts';
import type { TemporaryFolder } from '../support/temporary-folder.ts';
import { headOf, plainScan, xml } from './xml-tool.ts';

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
  const kept = await plain(folder, output);
  assertWhole(kept, content, what);
  if (report?.damage?.isCut === true) assert.ok(report.rawBytes >= kept.length - 300, what);
  return 'saved';
}

/** Every page of the dump is one of the original's: all of it, or its revisions up to one of them; ids rise. */
export function assertWhole(kept: Buffer, content: Buffer, what: string): void {
  const originals = new Map(
    plainScan(content).map((page) => [page.id, content.subarray(page.start, page.end)]),
  );
  let last = 0;
  for (const page of plainScan(kept)) {
    assert.ok(page.id > last, `${what}: page ${page.id} after ${last}`);
    last = page.id;
    const now = kept.subarray(page.start, page.end);
    const original = originals.get(page.id);
    if (original?.equals(now)) continue;
    const beginning = now.subarray(0, now.length - '  </page>\n'.length);
    const isBeginning = original?.subarray(0, beginning.length).equals(beginning) === true;
    assert.ok(isBeginning, `${what}: page ${page.id} holds something else than the original`);
    assert.match(beginning.subarray(-20).toString('latin1'), /<\/revision>\n$/, what);
  }
  assert.ok(kept.subarray(0, headOf(content).length).equals(headOf(content)), what);
}

export async function plain(folder: TemporaryFolder, name: string): Promise<Buffer> {
  assert.equal((await xml(folder.path, 'recompress', name, '-o', 'plain')).status, 0);
  return readFile(folder.in('plain'));
}

export function flipped(bytes: Buffer, at: number, mask = 0x10): Buffer {
  const copy = Buffer.from(bytes);
  copy.writeUInt8(copy.readUInt8(at) ^ mask, at);
  return copy;
}
