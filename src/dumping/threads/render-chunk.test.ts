import assert from 'node:assert/strict';
import { test } from 'node:test';
import { OutputBuffer } from '../../export/kernel/output-buffer.ts';
import { PageRenderer } from '../../export/writer/page-renderer.ts';
import { options, revision, samplePage } from '../../export/writer/testing/samples.ts';
import { encodeChunk } from '../../mediawiki/record/chunk-codec.ts';
import type { PagePart } from '../../mediawiki/record/page-part.ts';
import { framing, renderChunk } from './render-chunk.ts';
import { ChunkTexts } from './text-loader.ts';

const writer = options({ texts: 'stub' });
const printed = revision('a', { id: 7 });
const dropped = revision('b', { id: 6, problems: ['timestamp-invalid'] });

const part = (
  isFirst: boolean,
  isLast: boolean,
  ...revisions: PagePart['revisions'][number][]
): PagePart => ({
  page: samplePage,
  isFirst,
  isLast,
  revisions,
});

/** `<` for the page's head, `>` for its tail, the ids of the revisions between, and of those that were dropped. */
function outline(parts: readonly PagePart[]): string {
  const out = new OutputBuffer();
  const { bytes } = encodeChunk({ parts, revisionCount: 0, contentBytes: 0 });
  const failed = renderChunk(new PageRenderer(writer, out), writer, bytes, new ChunkTexts([], null));
  const marks = out
    .bytes()
    .toString('utf8')
    .matchAll(/ {2}<page>|<revision>\n +<id>(\d+)|<\/page>/g);
  const written = [...marks].map(([mark, id]) => id ?? (mark === '</page>' ? '>' : '<')).join('');
  return [written, ...failed.map(({ kind, revision: id }) => `${kind} ${id}`)].join(', ');
}

const cases: readonly (readonly [PagePart, string])[] = [
  [part(true, true, printed), '<7>'],
  [part(true, true, dropped, printed), '<7>, dropped 6'],
  [part(true, true, dropped), ', dropped 6'],
  [part(true, true), ''],
  [part(true, false, dropped), '<, dropped 6'],
  [part(true, false, printed), '<7'],
  [part(false, false, printed), '7'],
  [part(false, true, dropped), '>, dropped 6'],
  [part(false, true, printed), '7>'],
];

for (const [one, expected] of cases) {
  test(`a page's frame: ${expected === '' ? 'nothing' : expected}`, () => {
    assert.equal(outline([one]), expected);
    const { head, tail } = framing(one, writer);
    assert.deepEqual([head, tail], [expected.includes('<'), expected.includes('>')], 'as pieces decide it');
  });
}

test('pages follow each other, each with its own frame', () => {
  assert.equal(
    outline([part(true, true, printed), part(true, true, dropped), part(true, false, printed)]),
    '<7><7, dropped 6',
  );
});
