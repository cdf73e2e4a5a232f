import assert from 'node:assert/strict';
import { it } from 'node:test';
import fc from 'fast-check';
import { indexLines, MultistreamWriter, moveIndex, parseIndexLine } from './multistream.ts';

const title = fc.string({
  minLength: 1,
  unit: fc.constantFrom('a', ':', '&', ';', '\u00c3', '\u00a9', ' ', '1'),
});
const pages = fc.array(fc.record({ id: fc.nat(), title }), { maxLength: 5 });

it('the index names the stream of every page, titles as in the XML', () => {
  const writer = new MultistreamWriter();
  assert.equal(writer.add(Buffer.alloc(718), []).length, 0);
  const greek = Buffer.from('Ζηλανδία (επαρχία)').toString('latin1');
  const first = writer.add(Buffer.alloc(100), [
    { id: 2566, title: greek },
    { id: 2567, title: 'Talk:AT&amp;T' },
  ]);
  const second = writer.add(Buffer.alloc(5), [{ id: 2568, title: 'X' }]);
  const text = Buffer.concat([first, second]).toString('utf8');
  assert.equal(text, '718:2566:Ζηλανδία (επαρχία)\n718:2567:Talk:AT&amp;T\n818:2568:X\n');
  assert.equal(writer.offset, 823);
});

it('the index of a piece is moved to where the piece stands', () => {
  fc.assert(
    fc.property(pages, fc.nat(), fc.nat(), (all, offset, by) => {
      assert.deepEqual(moveIndex(indexLines(offset, all), by), indexLines(offset + by, all));
    }),
  );
});

it('a line reads back', () => {
  fc.assert(
    fc.property(fc.nat(), fc.nat(), title, (offset, id, name) => {
      const line = indexLines(offset, [{ id, title: name }]).toString('latin1');
      assert.deepEqual(parseIndexLine(line), { offset, id, title: name });
    }),
  );
  assert.equal(parseIndexLine('718:x:Title'), null);
});
