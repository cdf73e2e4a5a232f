import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { PhpFormatError, type PhpValue, phpUnserialize } from './php-unserialize.ts';

const bytes = (text: string) => Buffer.from(text, 'latin1');

describe('phpUnserialize', () => {
  it('reads every type that the text storage has', () => {
    assert.equal(phpUnserialize(bytes('N;')), null);
    assert.equal(phpUnserialize(bytes('b:1;')), true);
    assert.equal(phpUnserialize(bytes('i:-12;')), -12);
    assert.equal(phpUnserialize(bytes('d:0.5;')), 0.5);
    assert.deepEqual(phpUnserialize(bytes('s:3:"a"b";')), bytes('a"b'));
    assert.deepEqual(phpUnserialize(bytes('a:2:{i:0;s:1:"x";s:1:"k";a:0:{}}')), {
      type: 'array',
      entries: new Map<string, PhpValue>([
        ['0', bytes('x')],
        ['k', { type: 'array', entries: new Map() }],
      ]),
    });
  });

  it('takes the marks off private and protected properties, and lowers the case of the class', () => {
    const value = phpUnserialize(bytes('O:3:"Foo":3:{s:4:"\0*\0p";i:1;s:6:"\0Foo\0q";i:2;s:1:"r";i:3;}'));
    assert.deepEqual(value, {
      type: 'object',
      className: 'foo',
      properties: new Map([
        ['p', 1],
        ['q', 2],
        ['r', 3],
      ]),
    });
  });

  const broken = [
    '',
    'x:1;',
    'i:1',
    'i:;',
    'b:2;',
    's:5:"abc";',
    's:-1:"";',
    's:3:"abc"',
    'a:1:{i:0;}',
    'a:999999999:{}',
    'a:1:{N;i:1;}',
    'a:0:{}x',
    'r:1;',
    'C:3:"Foo":0:{}',
    `${'a:1:{i:0;'.repeat(100)}N;${'}'.repeat(100)}`,
  ];
  for (const text of broken) {
    it(`refuses ${text.slice(0, 30) || 'nothing'}`, () => {
      assert.throws(() => phpUnserialize(bytes(text)), PhpFormatError);
    });
  }

  it('reads back whatever is serialised', () => {
    const value = fc.letrec<{ value: PhpValue }>((tie) => ({
      value: fc.oneof(
        { maxDepth: 4 },
        fc.constant(null),
        fc.boolean(),
        fc.integer(),
        fc.uint8Array({ maxLength: 20 }).map((array) => Buffer.from(array)),
        fc
          .array(
            fc.tuple(
              fc.oneof(fc.nat().map(String), fc.string({ unit: 'binary-ascii', maxLength: 5 })),
              tie('value'),
            ),
            {
              maxLength: 4,
            },
          )
          .map((entries) => ({ type: 'array' as const, entries: new Map(entries) })),
      ),
    })).value;
    fc.assert(
      fc.property(value, (original) => {
        assert.deepEqual(phpUnserialize(serialize(original)), original);
      }),
    );
  });

  it('never fails in another way, and never hangs', () => {
    const noise = fc.oneof(
      fc.uint8Array({ maxLength: 60 }),
      fc
        .string({ maxLength: 60, unit: fc.constantFrom(...'aiObsN:;{}"0123456789') })
        .map((text): Uint8Array => bytes(text)),
    );
    fc.assert(
      fc.property(noise, (input) => {
        try {
          phpUnserialize(input);
        } catch (error) {
          assert.ok(error instanceof PhpFormatError);
        }
      }),
      { numRuns: 500 },
    );
  });
});

function serialize(value: PhpValue): Uint8Array {
  if (value === null) return bytes('N;');
  if (typeof value === 'boolean') return bytes(`b:${value ? 1 : 0};`);
  if (typeof value === 'number') return bytes(`i:${value};`);
  if (value instanceof Uint8Array) return Buffer.concat([bytes(`s:${value.length}:"`), value, bytes('";')]);
  assert.equal(value.type, 'array');
  if (value.type !== 'array') return bytes('');
  const parts: Uint8Array[] = [bytes(`a:${value.entries.size}:{`)];
  for (const [key, entry] of value.entries) parts.push(serialize(bytes(key)), serialize(entry));
  return Buffer.concat([...parts, bytes('}')]);
}
