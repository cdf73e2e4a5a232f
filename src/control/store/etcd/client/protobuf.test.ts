import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { Reader, Writer } from './protobuf.ts';

describe('protobuf', () => {
  it('writes what the encoding page of protobuf shows', () => {
    const to = new Writer();
    to.number(1, 150);
    to.text(2, 'testing');
    to.message(3, () => to.number(1, 150));
    assert.equal(to.bytes.toString('hex'), '089601120774657374696e671a03089601');
  });

  it('leaves out what is empty, but for members of unions', () => {
    const to = new Writer();
    to.number(1, 0);
    to.text(2, '');
    to.digits(3, '0');
    to.flag(4, false);
    assert.equal(to.bytes.length, 0);
    to.always(6, '0');
    assert.equal(to.bytes.toString('hex'), '3000');
  });

  it('reads back texts, numbers and messages of any size, and passes over what nobody takes', () => {
    const bits64 = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n });
    const field = fc.record(
      { text: fc.string({ unit: 'grapheme', maxLength: 2_000 }), id: bits64, n: fc.maxSafeNat() },
      { noNullPrototype: true },
    );
    fc.assert(
      fc.property(fc.array(field, { maxLength: 20 }), fc.boolean(), (fields, isTaken) => {
        const to = new Writer();
        for (const { text, id, n } of fields) {
          to.message(64, () => {
            to.always(1, String(id));
            to.message(2, () => to.text(5, text));
            to.always(3, n);
          });
        }
        const found: typeof fields = [];
        const from = new Reader(to.bytes);
        for (let at = from.next(); at !== 0; at = from.next()) {
          assert.equal(at, 64);
          const inner = from.message();
          let [text, id, n] = ['', 0n, 0];
          for (let at = inner.next(); at !== 0; at = inner.next()) {
            if (at === 1 && isTaken) id = BigInt(inner.digits());
            if (at === 2 && isTaken) {
              const innermost = inner.message();
              if (innermost.next() === 5) text = innermost.text();
            }
            if (at === 3) n = inner.number();
          }
          found.push({ text, id, n });
        }
        assert.deepEqual(found, isTaken ? fields : fields.map(({ n }) => ({ text: '', id: 0n, n })));
      }),
    );
  });

  it('tells numbers below zero from those above', () => {
    const to = new Writer();
    to.always(3, -1);
    const from = new Reader(to.bytes);
    assert.equal(from.next(), 3);
    assert.equal(from.number(), -1);
  });

  it('refuses what is cut off', () => {
    const to = new Writer();
    to.text(1, 'twelve bytes');
    const bytes = to.bytes.subarray(0, 7);
    const from = new Reader(bytes);
    from.next();
    assert.throws(() => from.text(), RangeError);
    assert.throws(() => new Reader(Buffer.from([0x80, 0x80])).next(), RangeError);
  });
});
