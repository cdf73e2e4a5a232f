import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { cleanBinary, cleanBytes } from './clean.ts';

/** Bytes, and what UtfNormal\Validator::cleanUp of MediaWiki 1.39 with PHP 8.2 and ICU 72 makes of them. */
const golden = [
  ['41', '41'],
  ['00', 'efbfbd'],
  ['0b0c1f7f', 'efbfbdefbfbdefbfbd7f'],
  ['ff', 'efbfbd'],
  ['fefe', 'efbfbdefbfbd'],
  ['c3', 'efbfbd'],
  ['c3a9', 'c3a9'],
  ['c0af', 'efbfbd'],
  ['c1bf41', 'efbfbd41'],
  ['e282', 'efbfbd'],
  ['e28261', 'efbfbd61'],
  ['eda080', 'efbfbd'],
  ['edbfbf', 'efbfbd'],
  ['ee8080', 'ee8080'],
  ['f4908080', 'efbfbd'],
  ['f48fbfbf', 'f48fbfbf'],
  ['f08080af', 'efbfbd'],
  ['f0908080', 'f0908080'],
  ['f8888080af', 'efbfbd'],
  ['fc8480808080af', 'efbfbdefbfbd'],
  ['fd', 'efbfbd'],
  ['80', 'efbfbd'],
  ['bfbf41', 'efbfbdefbfbd41'],
  ['e2e2', 'efbfbdefbfbd'],
  ['c3c3a9', 'efbfbdc3a9'],
  ['efbfbe', 'efbfbd'],
  ['efbfbf', 'efbfbd'],
  ['efbfbd', 'efbfbd'],
  ['f09fbfbe', 'f09fbfbe'],
  ['65cc81', 'c3a9'],
  ['41cc8a', 'c385'],
  ['e284ab', 'c385'],
  ['efac9d', 'd799d6b4'],
  ['e18480e185a1e186a8', 'eab081'],
  ['71cc87cca3', '71cca3cc87'],
  ['e0a695e0a6be', 'e0a695e0a6be'],
  ['e0a787e0a6be', 'e0a78b'],
  ['ff65cc81', 'efbfbdc3a9'],
  ['65ffcc81', '65efbfbdcc81'],
  ['0065cc81', 'efbfbdc3a9'],
  ['f5808080', 'efbfbd'],
  ['f7bfbfbf41', 'efbfbd41'],
  ['e0809f', 'efbfbd'],
  ['e09fbf', 'efbfbd'],
  ['e0a080', 'e0a080'],
  ['30', '30'],
  ['c280', 'c280'],
  ['ed9fbf', 'ed9fbf'],
  ['c3a9c3', 'c3a9efbfbd'],
] as const;

test('cleans as MediaWiki does', () => {
  for (const [from, to] of golden) {
    const bytes = Buffer.from(from, 'hex');
    assert.equal((cleanBytes(bytes) ?? bytes).toString('hex'), to, from);
    assert.equal(Buffer.from(cleanBinary(bytes.toString('latin1')), 'latin1').toString('hex'), to, from);
  }
});

test('what is clean stays, and is told to be so', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (text) => {
      const bytes = Buffer.from(
        text.normalize('NFC').replace(/[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/g, ''),
      );
      assert.equal(cleanBytes(bytes), null);
    }),
    { numRuns: 50 },
  );
});

test('cleaning twice changes nothing more', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 40 }), (raw) => {
      const bytes = Buffer.from(raw);
      const once = cleanBytes(bytes) ?? bytes;
      assert.equal(cleanBytes(once), null);
    }),
  );
});
