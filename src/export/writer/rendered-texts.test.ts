import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deflateRawSync } from 'node:zlib';
import fc from 'fast-check';
import type { TextOutcome } from '../../mediawiki/text/text-source.ts';
import { OutputBuffer } from '../kernel/output-buffer.ts';
import { PageRenderer } from './page-renderer.ts';
import { options, revision, samplePage, slot } from './testing/samples.ts';

const deflated = (value: string): TextOutcome => ({ kind: 'deflated', bytes: deflateRawSync(value) });
const plain = (value: string): TextOutcome => ({ kind: 'text', bytes: Buffer.from(value) });

/** Each revision in a buffer of its own: nothing to write again. */
function oneByOne(values: readonly (readonly [string, TextOutcome])[], profile: 'one-pass' | 'text-pass') {
  return values.map(([value, text]) => {
    const out = new OutputBuffer();
    const findings = new PageRenderer(options({ profile }), out).revision(samplePage, revision(value), [
      text,
    ]);
    return { xml: out.bytes().toString('latin1'), findings };
  });
}

test('a text that comes again is written as the first time, whatever stands between', () => {
  const values = fc.constantFrom(
    '',
    'a <b>\r\n',
    '\r\r',
    'e\u0301 & \u0000',
    'x'.repeat(300_000),
    'caf\u00e9'.repeat(9),
  );
  const texts = fc.array(fc.tuple(values, fc.boolean()), { maxLength: 12 });
  fc.assert(
    fc.property(texts, fc.constantFrom('one-pass' as const, 'text-pass' as const), (chosen, profile) => {
      const all = chosen.map(
        ([value, isDeflated]) => [value, (isDeflated ? deflated : plain)(value)] as const,
      );
      const out = new OutputBuffer();
      const renderer = new PageRenderer(options({ profile }), out);
      const findings = all.map(([value, text]) => renderer.revision(samplePage, revision(value), [text]));
      const expected = oneByOne(all, profile);
      assert.equal(out.bytes().toString('latin1'), expected.map(({ xml }) => xml).join(''));
      assert.deepEqual(
        findings,
        expected.map((one) => one.findings),
      );
    }),
    { numRuns: 60 },
  );
});

test('the stored bytes decide, not the stored hash', () => {
  const out = new OutputBuffer();
  const renderer = new PageRenderer(options({}), out);
  const record = revision('first');
  assert.deepEqual(renderer.revision(samplePage, record, [deflated('first')]), []);
  const other = renderer.revision(samplePage, record, [deflated('other')]);
  assert.deepEqual(
    other.map(({ code }) => code),
    ['sha1-mismatch'],
  );
  const broken = renderer.revision(samplePage, record, [
    { kind: 'deflated', bytes: Buffer.from('no deflate') },
  ]);
  assert.deepEqual(
    broken.map(({ code }) => code),
    ['gzip-invalid'],
  );
  // The other text is the one that stands there under this hash by now, and its damage is told each time.
  const again = renderer.revision(samplePage, record, [deflated('other')]);
  assert.deepEqual(
    again.map(({ code }) => code),
    ['sha1-mismatch'],
  );
  assert.deepEqual(renderer.revision(samplePage, record, [deflated('first')]), []);
  assert.equal(
    out
      .bytes()
      .toString()
      .match(/>first<\/text>/g)?.length,
    2,
  );
});

test('a hidden text is not written where the same text is shown, nor the other way round', () => {
  const out = new OutputBuffer();
  const renderer = new PageRenderer(options({}), out);
  const shown = revision('secret');
  const hidden = revision('secret', { deleted: 1 });
  for (const record of [hidden, shown, hidden, shown])
    renderer.revision(samplePage, record, [plain('secret')]);
  assert.equal(
    out
      .bytes()
      .toString()
      .match(/>secret<\/text>/g)?.length,
    2,
  );
});

test('after the output was forgotten nothing is written again from it', () => {
  const out = new OutputBuffer();
  const renderer = new PageRenderer(options({}), out);
  const record = revision('', { slots: [slot('one')] });
  renderer.revision(samplePage, record, [plain('one')]);
  out.reset();
  out.appendLatin1('*'.repeat(2000));
  renderer.revision(samplePage, record, [plain('one')]);
  assert.match(out.bytes().toString(), />one<\/text>/);
});
