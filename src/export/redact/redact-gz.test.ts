import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { isRotaError } from '../../core/errors/rota-error.ts';
import { TemporaryFolder } from '../../mediawiki/testing/temporary-folder.ts';
import { gzMember } from '../containers/gz/members.ts';
import { redactGz } from './redact-gz.ts';

const revisionXml = (id: number) => `    <revision>
      <id>${id}</id>
      <timestamp>2020-01-02T03:04:05Z</timestamp>
      <contributor>
        <username>Someone</username>
        <id>3</id>
      </contributor>
      <text bytes="3" sha1="x" location="tt:${id}" id="${id}" />
      <sha1>x</sha1>
    </revision>
`;

const redaction = { revisions: new Set([2]), parts: { text: true, comment: true, user: true } };
const tools = { redaction, mode: 'one-pass' as const, signal: new AbortController().signal };

async function rewrite(
  path: string,
): Promise<{ bytes: Buffer; changed: readonly number[]; rawDelta: number }> {
  const written: Buffer[] = [];
  const done = await redactGz(path, async (bytes) => void written.push(Buffer.from(bytes)), tools);
  return { bytes: Buffer.concat(written), ...done };
}

test('a member that holds the revision is made anew, the others keep their bytes', async () => {
  using folder = new TemporaryFolder();
  const path = folder.file('stub.gz');
  const members = ['head\n', revisionXml(1), `${revisionXml(2)}${revisionXml(3)}`, 'foot\n'].map((text) =>
    gzMember(Buffer.from(text), { level: 6 }),
  );
  await writeFile(path, Buffer.concat(members));
  const { bytes, changed, rawDelta } = await rewrite(path);
  assert.deepEqual(changed, [2]);
  const before = gunzipSync(await readFile(path));
  const after = gunzipSync(bytes);
  assert.equal(after.length - before.length, rawDelta);
  assert.equal(after.includes('tt:2'), false);
  assert.ok(after.includes('tt:3') && after.includes('tt:1'));
  const kept = Buffer.concat(members.slice(0, 2));
  assert.ok(bytes.subarray(0, kept.length).equals(kept));
  assert.ok(bytes.subarray(bytes.length - (members[3]?.length ?? 0)).equals(members[3] ?? Buffer.alloc(0)));
});

test('a damaged or foreign gzip file is refused', async () => {
  using folder = new TemporaryFolder();
  const path = folder.file('stub.gz');
  const member = gzMember(Buffer.from(revisionXml(2)), { level: 6 });
  for (const bytes of [member.subarray(0, -3), Buffer.concat([member, Buffer.from('x')])]) {
    await writeFile(path, bytes);
    await assert.rejects(rewrite(path), (error) => isRotaError(error, 'ARCHIVE_DAMAGED'));
  }
});
