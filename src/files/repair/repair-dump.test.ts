import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { isRotaError } from '../../core/errors/rota-error.ts';
import { checkDump } from '../check-dump.ts';
import { type FileTools, openSource } from '../dump-source.ts';
import { dumpXml, pageXml, revisionXml, smallHead, somePages } from '../testing/small-dump.ts';
import { repairDump } from './repair-dump.ts';

const tools: FileTools = {
  signal: new AbortController().signal,
  searchPath: '',
  threads: 1,
  stdin: (async function* () {})(),
};
const pages = somePages(6, 40);
const xml = dumpXml(pages);

let folder = '';
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rota-repair-'));
});
after(() => rm(folder, { recursive: true }));

async function repair(content: string) {
  const path = join(folder, 'damaged.xml');
  const output = join(folder, 'repaired.xml');
  await writeFile(path, content);
  await rm(output, { force: true });
  const target = { name: 'repaired.xml', path: output, format: 'plain' as const };
  const report = await repairDump(await openSource('damaged.xml', path, tools), target, tools);
  const repaired = report.output === null ? null : await readFile(output, 'utf8');
  const check =
    report.output === null ? null : await checkDump(await openSource('r', output, tools), tools.signal);
  return { report, repaired, check };
}

describe('a dump that is repaired', () => {
  it('keeps every whole page and revision before the cut, wherever that is', async () => {
    const ends = pages.flatMap((page) => {
      const start = xml.indexOf(pageXml(page));
      const pageEnd = start + pageXml(page).length;
      const revisions = page.revisions.map(({ id, text }) => {
        const of = revisionXml(id, text);
        return { at: xml.indexOf(of) + of.length, page: page.id, revision: id, isPage: false };
      });
      return [
        ...revisions,
        { at: pageEnd, page: page.id, revision: page.revisions.at(-1)?.id, isPage: true },
      ];
    });
    for (let length = smallHead.length; length < xml.length - 1; length += 41) {
      // A closing tag that lacks but its newline counts as whole.
      const last = ends.findLast((end) => end.at - 1 <= length);
      if (last === undefined) {
        await assert.rejects(repair(xml.slice(0, length)), (error) => isRotaError(error, 'NOTHING_TO_SAVE'));
        continue;
      }
      const { report, check } = await repair(xml.slice(0, length));
      assert.deepEqual([check?.ok, check?.partial], [true, true], `cut at ${length}`);
      assert.deepEqual(
        [report.lastPageId, report.lastRevisionId, report.lastPageIsCut],
        [last.page, last.revision, !last.isPage],
        `cut at ${length}`,
      );
      assert.equal(check?.revisions, report.revisions);
    }
  });

  it('begins with exactly what is kept, and ends with a mark', async () => {
    const [first, second] = pages;
    assert.ok(first !== undefined && second !== undefined);
    const kept = `${smallHead}${pageXml(first)}`;
    const { repaired } = await repair(`${kept}${pageXml(second).slice(0, 120)}`);
    const last = first.revisions.at(-1)?.id;
    assert.equal(
      repaired,
      `${kept}  <!-- rota: partial dump, cut back after page 3 revision ${last} -->\n</mediawiki>\n`,
    );
  });

  it('loses only the page in which its XML is damaged', async () => {
    const [first, second, third] = pages;
    assert.ok(first && second && third);
    const hole = xml.replace(pageXml(second).slice(100, -10), '');
    const { report, check, repaired } = await repair(hole);
    assert.equal(check?.ok, true);
    assert.equal(check.partial, true);
    assert.equal(repaired?.includes(pageXml(first)), true);
    assert.equal(repaired?.includes(pageXml(third)), true);
    assert.deepEqual(
      report.gaps.map(({ afterPageId, beforePageId }) => [afterPageId, beforePageId]),
      [[first.id, third.id]],
    );
    assert.equal(report.pages, pages.length - 1);
    assert.ok(report.droppedBytes > 0);
  });

  it('takes nothing that is made of two revisions', async () => {
    const [first, second] = pages;
    const revision = second?.revisions[0];
    const next = second?.revisions[1];
    assert.ok(first && revision && next);
    const [a, b] = [revisionXml(revision.id, revision.text), revisionXml(next.id, next.text)];
    const all = pages.flatMap((page) => page.revisions.map(({ id, text }) => revisionXml(id, text)));
    // Anywhere but in the texts themselves, where nobody can tell.
    const textAt = a.indexOf('<text');
    for (let from = 0; from < textAt; from += 7) {
      for (const to of [3, 29, 60, 141, b.indexOf('</text>') + 3]) {
        const hole = xml.replace(`${a}${b}`, `${a.slice(0, from)}${b.slice(to)}`);
        const { report, repaired } = await repair(hole);
        const kept = repaired?.match(/ {4}<revision>.*?<\/revision>\n/gs) ?? all;
        assert.ok(
          kept.every((one) => all.includes(one)),
          `from ${from} to ${to}: ${kept.find((one) => !all.includes(one))}`,
        );
        if (report.output !== null) assert.equal(kept.length, report.revisions);
      }
    }
  });

  it('says that dumps are lost which were put behind it', async () => {
    const { report, check } = await repair(`${xml}${dumpXml(somePages(3, 40))}`);
    assert.equal(report.pages, pages.length);
    assert.equal(check?.ok, true);
    assert.deepEqual(
      report.gaps.map(({ what, afterPageId, beforePageId }) => [what, afterPageId, beforePageId]),
      [['something follows </mediawiki>', pages.at(-1)?.id, null]],
    );
    assert.ok(report.droppedBytes > 1000);
  });

  it('is not touched when it is whole', async () => {
    const { report } = await repair(xml);
    assert.deepEqual([report.output, report.reason], [null, null]);
  });
});
