import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { UploadRecord } from '../../mediawiki/record/revision-record.ts';
import { OutputBuffer } from '../kernel/output-buffer.ts';
import type { UploadOptions, WriterOptions } from './options.ts';
import { options } from './testing/samples.ts';
import { type UploadFinding, UploadRenderer } from './upload-renderer.ts';

const upload: UploadRecord = {
  name: 'Zo\xc3\xab_&_co.png',
  archiveName: null,
  timestamp: '20200201000000',
  userId: 1,
  userName: 'Admin',
  comment: 'first',
  sizeBytes: 97,
  sha1: 'hx5ep7va9yzc79qg1un2rxhhtzkv6mb',
  deleted: 0,
};

function render(
  record: UploadRecord,
  uploads: Partial<UploadOptions> = {},
  changes: Partial<WriterOptions> = {},
): { xml: string; findings: readonly UploadFinding[] } {
  const out = new OutputBuffer();
  const renderer = new UploadRenderer(
    options(changes),
    { baseUrl: 'http://tiny.example/w/images', ...uploads },
    out,
  );
  const findings = renderer.upload(record);
  return { xml: out.bytes().toString('utf8'), findings };
}

test('writes a version of a file', () => {
  assert.equal(
    render(upload).xml,
    `    <upload>
      <timestamp>2020-02-01T00:00:00Z</timestamp>
      <contributor>
        <username>Admin</username>
        <id>1</id>
      </contributor>
      <comment>first</comment>
      <filename>Zoë_&amp;_co.png</filename>
      <src>http://tiny.example/w/images/7/7b/Zo%C3%AB_%26_co.png</src>
      <size>97</size>
      <sha1base36>hx5ep7va9yzc79qg1un2rxhhtzkv6mb</sha1base36>
      <rel>7/7b/Zoë_&amp;_co.png</rel>
    </upload>
`,
  );
  const old = render({ ...upload, archiveName: '2020!x.png', comment: '', deleted: 4 }).xml;
  assert.match(old, /\n<contributor deleted="deleted" \/>\n {6}<comment deleted="deleted" \/>\n/);
  assert.match(
    old,
    /<archivename>2020!x\.png<\/archivename>\n {6}<src>[^<]*archive\/7\/7b\/2020%21x\.png<\/src>/,
  );
});

test('includes the file as lines of base64, whatever chunks it comes in', () => {
  const file = Buffer.from(Array.from({ length: 150 }, (_, index) => index));
  const lines = file.toString('base64').match(/.{1,76}/g) ?? [];
  const readFile = () => [file.subarray(0, 10), file.subarray(10, 140), file.subarray(140)];
  assert.ok(
    render(upload, { readFile }).xml.includes(
      `<contents encoding="base64">${lines.map((l) => `${l}\r\n`).join('')}      </contents>`,
    ),
  );
  assert.ok(
    render(upload, { readFile }, { profile: 'text-pass' }).xml.includes(
      `${lines.join('\n')}\n      </contents>`,
    ),
  );
  assert.ok(render(upload, { readFile: () => [] }).xml.includes('"base64">\r\n      </contents>'));
  const missing = render(upload, { readFile: () => null });
  assert.ok(!missing.xml.includes('contents'));
  assert.deepEqual(
    missing.findings.map(({ code }) => code),
    ['file-missing'],
  );
});

test('a hidden file is not given away', () => {
  const readFile = (): never => assert.fail('read');
  const { xml } = render({ ...upload, deleted: 1 }, { readFile });
  assert.ok(!xml.includes(upload.sha1) && !xml.includes('contents'));
  assert.ok(render({ ...upload, deleted: 1 }, {}, { asMediawiki: true }).xml.includes(upload.sha1));
});
