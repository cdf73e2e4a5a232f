import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { appendReservedText } from './clean-text.ts';
import { type EscapeMode, replacements, seen } from './escape-tables.ts';
import { supportsWasmKernel } from './escaper.ts';
import { OutputBuffer } from './output-buffer.ts';

function expected(bytes: Uint8Array, mode: EscapeMode): { escaped: string; facts: number } {
  let escaped = '';
  let facts = 0;
  for (const byte of bytes) {
    escaped += replacements[mode].get(byte) ?? String.fromCharCode(byte);
    if (byte === 13) facts |= seen.carriageReturn;
    else if (byte < 32 && byte !== 9 && byte !== 10) facts |= seen.control;
    if (byte >= 0x80) facts |= seen.nonAscii;
    if (byte >= 0xcc) facts |= seen.high;
  }
  return { escaped, facts };
}

/** Bytes with many of those that matter, of lengths around the kernel's 16. */
const bytes = fc
  .array(
    fc.oneof(
      { weight: 6, arbitrary: fc.integer({ min: 0x20, max: 0x7f }) },
      { weight: 2, arbitrary: fc.constantFrom(0x22, 0x26, 0x3c, 0x3e, 13, 10) },
      { weight: 1, arbitrary: fc.integer({ min: 0, max: 255 }) },
    ),
    { maxLength: 70 },
  )
  .map((values) => Uint8Array.from(values));
const modes = fc.constantFrom<EscapeMode>('one-pass', 'text-pass');

for (const kernel of ['wasm', 'javascript'] as const) {
  const skip = kernel === 'wasm' && !supportsWasmKernel();
  describe(`OutputBuffer with the ${kernel} kernel`, { skip }, () => {
    test('escapes and sees what is there', () => {
      const out = new OutputBuffer({ kernel });
      fc.assert(
        fc.property(bytes, modes, (text, mode) => {
          out.reset();
          // What lies behind the text in the region must not be seen.
          out.appendEscaped(
            Uint8Array.from({ length: 90 }, () => 1),
            mode,
          );
          out.reset();
          const facts = out.appendEscaped(text, mode);
          const wanted = expected(text, mode);
          assert.equal(out.bytes().toString('latin1'), wanted.escaped);
          assert.equal(facts, wanted.facts);
        }),
        { numRuns: 400 },
      );
    });

    test('tells every single byte', () => {
      const out = new OutputBuffer({ kernel });
      for (const mode of ['one-pass', 'text-pass'] as const) {
        for (let byte = 0; byte < 256; byte += 1) {
          out.reset();
          const facts = out.appendEscaped(Uint8Array.of(byte), mode);
          const wanted = expected(Uint8Array.of(byte), mode);
          assert.deepEqual([out.bytes().toString('latin1'), facts], [wanted.escaped, wanted.facts]);
        }
      }
    });

    test('grows for large texts of which every byte is escaped', () => {
      const out = new OutputBuffer({ kernel, initialBytes: 1000 });
      const text = Buffer.alloc(300_000, '"');
      out.appendLatin1('before ');
      const offset = out.reserve(text.length);
      out.memory.set(text, offset);
      // Markup between reserving and writing may come near the region, which then moves.
      const markup = 'x'.repeat(2_500_000);
      out.appendLatin1(markup);
      out.appendReserved(text.length, 'text-pass');
      out.appendBytes(Buffer.from(' after'));
      assert.equal(out.length, 7 + markup.length + 6 * text.length + 6);
      const written = out.bytes().toString('latin1');
      assert.ok(written === `before ${markup}${'&quot;'.repeat(text.length)} after`);
      assert.ok(out.region(text.length).equals(text));
    });

    test('cleans a text only where it must', () => {
      const out = new OutputBuffer({ kernel });
      const append = (text: Buffer, mode: EscapeMode): string => {
        out.reset();
        out.memory.set(text, out.reserve(text.length));
        appendReservedText(out, text.length, mode);
        return out.bytes().toString('utf8');
      };
      assert.equal(append(Buffer.from('a\x01<\r\n'), 'one-pass'), 'a\ufffd&lt;\r\n');
      assert.equal(append(Buffer.from('e\u0301&'), 'one-pass'), 'é&amp;');
      // The text pass drops CR first, so that what it kept apart combines.
      assert.equal(append(Buffer.from('e\r\u0301'), 'text-pass'), 'é');
      assert.equal(append(Buffer.from('e\r\u0301'), 'one-pass'), 'e\r\u0301');
      assert.equal(append(Buffer.from([0xc3, 13, 0xa9]), 'text-pass'), 'é');
      assert.equal(append(Buffer.from([0xc3, 13, 0xa9]), 'one-pass'), '\ufffd\r\ufffd');
    });
  });
}
