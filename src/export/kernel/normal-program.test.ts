import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { supportsWasmKernel } from './escaper.ts';
import { makeNormalTable, normalTable, packNormalTable } from './normal-table.ts';
import { packedNormalTable } from './normal-table-data.ts';
import { OutputBuffer } from './output-buffer.ts';

function isDoubtful(out: OutputBuffer, text: string): boolean {
  const bytes = Buffer.from(text);
  out.memory.set(bytes, out.reserve(bytes.length));
  return out.isRegionDoubtful(bytes.length);
}

const scripts = fc.constantFrom(
  ...[
    'a',
    'é',
    'Ω',
    '\u0387',
    'Ж',
    '\u0483',
    'ש',
    '\u05bc',
    'م',
    '\u064b',
    'क',
    '\u093c',
    '\u09be',
    'ก',
    '\u0e38',
    '\u0e48',
    '\u064e',
    '\u094d',
    '\u0951',
    '\u{1d165}',
  ],
  ...[
    'ᄀ',
    'ᅡ',
    'ᆨ',
    '가',
    'ở',
    '\u1f71',
    '—',
    '\u2126',
    'か',
    '\u3099',
    '中',
    '豈',
    'ﬁ',
    '😀',
    '\u{1d15e}',
    '𠀀',
    '\u{2f800}',
  ],
);

test('no doubt means normal', { skip: !supportsWasmKernel() }, () => {
  const out = new OutputBuffer({ kernel: 'wasm' });
  let certain = 0;
  fc.assert(
    fc.property(
      fc.oneof(
        fc.array(scripts, { maxLength: 30 }).map((parts) => parts.join('')),
        fc.string({ unit: 'grapheme' }),
      ),
      (text) => {
        if (isDoubtful(out, text)) return;
        certain += 1;
        assert.equal(text.normalize('NFC'), text);
      },
    ),
    { numRuns: 1000 },
  );
  assert.ok(certain > 20);
});

test('ordinary text of most scripts is beyond doubt', { skip: !supportsWasmKernel() }, () => {
  const out = new OutputBuffer({ kernel: 'wasm' });
  const ordinary = [
    'Größe — naïve «façade»',
    'Это обычный текст',
    '維基百科，自由的百科全書。',
    'ひらがなカタカナ',
    '위키백과',
    'Bách khoa toàn thư mở',
    'ויקיפדיה',
    'Ελλάδα',
    'हिन्दी विकिपीडिया',
    'วิกิพีเดียที่',
    'مَكتبة',
    '❤️',
    '😀🇩🇪',
  ];
  for (const text of ordinary) assert.equal(isDoubtful(out, text.repeat(20)), false, text);
  for (const text of [
    'e\u0301',
    '\u212b',
    '\ufffe',
    '\uffff',
    '\u{2f800}',
    '각'.normalize('NFD'),
    'ּ\u05b0',
    'क\u094d\u0951',
  ]) {
    assert.equal(isDoubtful(out, `${'x'.repeat(40)}${text}`), true, text);
  }
});

test('what is doubtful is found wherever it stands in a long text', { skip: !supportsWasmKernel() }, () => {
  const out = new OutputBuffer({ kernel: 'wasm' });
  // One mark alone, two that may change places, one of four bytes; among what is passed over, and what is not.
  const doubtful = ['\u0301', '\u094d\u0951', '\u{2f800}'];
  for (const filler of ['x', 'é', 'x—', 'Ж', '\u0915\u094d']) {
    const fillerBytes = Buffer.byteLength(filler);
    for (let before = 0; before <= 700; before += before < 200 || before > 600 ? 1 : 13) {
      const start = `${'x'.repeat(before % fillerBytes)}${filler.repeat(Math.floor(before / fillerBytes))}`;
      for (const end of ['', filler.repeat(before % 90)]) {
        assert.equal(isDoubtful(out, start + end), false, `${filler}, ${before} bytes`);
        for (const one of doubtful) {
          assert.equal(isDoubtful(out, start + one + end), true, `${filler}, ${before} bytes, ${one}`);
        }
      }
    }
  }
});

const sameUnicode = process.versions.unicode === packedNormalTable.unicode;

test('the committed table is what this Unicode gives', { skip: !sameUnicode }, () => {
  const made = makeNormalTable();
  assert.ok(
    Buffer.from(normalTable()).equals(made),
    `normal-table-data.ts must hold:\n${packNormalTable(made)}`,
  );
});
