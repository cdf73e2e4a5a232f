import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { deletedBit, type RevisionRecord } from '../../mediawiki/record/revision-record.ts';
import type { TextOutcome } from '../../mediawiki/text/text-source.ts';
import { OutputBuffer } from '../kernel/output-buffer.ts';
import { effectiveProfile, type WriterOptions } from '../writer/options.ts';
import { PageRenderer } from '../writer/page-renderer.ts';
import { options, revision, samplePage, slot } from '../writer/testing/samples.ts';
import { redactXml } from './redact-xml.ts';

const words = fc.string({
  unit: fc.constantFrom('a', '<', '>', '&', '"', "'", '\n', '\r', ' ', '<text ', 'é'),
});

const revisions = fc.record({
  texts: fc.array(words, { minLength: 1, maxLength: 3 }),
  comment: words,
  userName: words,
  userId: fc.constantFrom(0, 3),
  isMinor: fc.boolean(),
  parentId: fc.constantFrom(0, 4),
  deleted: fc.integer({ min: 0, max: 15 }),
  hasHash: fc.boolean(),
});

const writers: fc.Arbitrary<Partial<WriterOptions>> = fc.record({
  schema: fc.constantFrom('0.10', '0.11'),
  profile: fc.constantFrom('one-pass', 'text-pass'),
  texts: fc.constantFrom('full', 'stub'),
});

const parts = fc.record({ text: fc.boolean(), comment: fc.boolean(), user: fc.boolean() });

function render(record: RevisionRecord, writer: WriterOptions): Buffer {
  const out = new OutputBuffer();
  const renderer = new PageRenderer(writer, out);
  const texts = record.slots.map((one): TextOutcome | null =>
    renderer.wantsText(samplePage, record, one) ? { kind: 'text', bytes: Buffer.from(one.address) } : null,
  );
  renderer.revision(samplePage, record, texts);
  return Buffer.from(out.bytes());
}

test('a redacted revision is to the byte what the writer makes of one with these parts hidden', () => {
  fc.assert(
    fc.property(revisions, writers, parts, (given, writer, hidden) => {
      const { texts, hasHash, userName, comment, ...rest } = given;
      const record = revision('', {
        ...rest,
        userName: Buffer.from(userName).toString('latin1'),
        comment: Buffer.from(comment).toString('latin1'),
        ...(hasHash ? {} : { sha1: '' }),
        // The address stands in for the text itself.
        slots: texts.map((text, index) =>
          slot(text, { address: text, role: ['main', 'a', 'b'][index] ?? '' }),
        ),
      });
      const all = options(writer);
      const bits =
        (hidden.text ? deletedBit.text : 0) |
        (hidden.comment ? deletedBit.comment : 0) |
        (hidden.user ? deletedBit.user : 0);
      const printed = render(record, all);
      const expected = render({ ...record, deleted: record.deleted | bits }, all);
      const redaction = { revisions: new Set([record.id, 77]), parts: hidden };
      const around = [Buffer.from('  <page>\n'), Buffer.from('  </page>\n')] as const;
      const { xml, found, changed } = redactXml(
        Buffer.concat([around[0], printed, around[1]]),
        redaction,
        effectiveProfile(all),
      );
      assert.equal(xml.toString(), Buffer.concat([around[0], expected, around[1]]).toString());
      assert.deepEqual(found, [record.id]);
      assert.deepEqual(changed, printed.equals(expected) ? [] : [record.id]);
    }),
    { numRuns: 400 },
  );
});

test('only the revisions in question change, wherever they stand', () => {
  const all = options();
  const three = [5, 6, 7].map((id) =>
    render(revision(`text ${id}`, { id, slots: [slot('', { address: `t${id}` })] }), all),
  );
  const redaction = { revisions: new Set([7, 5]), parts: { text: true, comment: false, user: false } };
  const { xml, changed } = redactXml(Buffer.concat(three), redaction, 'one-pass');
  assert.deepEqual(changed, [5, 7]);
  assert.ok(xml.includes(three[1] ?? ''));
  assert.equal(xml.toString().split('deleted="deleted"').length - 1, 2);
});

test('what is no revision of this writer is refused, not guessed at', () => {
  const redaction = { revisions: new Set([5]), parts: { text: true, comment: true, user: true } };
  const foreign = Buffer.from('    <revision>\n      <id>5</id>\n      <text />\n    </revision>\n');
  assert.throws(() => redactXml(foreign, redaction, 'one-pass'), RangeError);
});
