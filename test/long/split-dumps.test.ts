// Outputs that are cut into parts: what is in them, what they are called, and that the next dates keep the cuts.
import assert from 'node:assert/strict';
import { mkdir, readdir, readFile, readlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { parse, stringify } from 'yaml';
import { makeSqliteFarm, type SqliteFarm, wikiName } from '../dump/sqlite-farm.ts';
import { requires } from '../support/requirements.ts';
import { type TemporaryFolder, temporaryFolder } from '../support/temporary-folder.ts';

const settings = {
  outputs: ['stubs', 'articles', 'multistream', 'current', 'history'],
  compression: { articles: ['bz2', 'zst'], current: 'bz2', history: ['bz2', 'zst'] },
};
const maxRawBytes = 150_000;
const split = {
  stubs: { maxRawBytes: '100kB' },
  articles: { maxPages: 20 },
  current: { maxRawBytes: '60kB', maxPages: 25 },
  history: { maxRawBytes: `${maxRawBytes}B` },
};

/** One part of an output, as the manifest tells it. */
interface Part {
  readonly name: string;
  readonly output: string;
  readonly rawBytes: number;
  readonly counts: { readonly pages: number; readonly revisions: number };
  readonly split?: {
    readonly part: number;
    readonly range: { readonly firstPageId: number; readonly lastPageId: number };
  };
}

/** A file as dumpstatus.json tells it. */
interface Listed {
  readonly size: number;
  readonly sha1: string;
}

/** Output, and its file's name where it is whole. */
const outputs = {
  'stub-history': 'stub-meta-history.xml.gz',
  'stub-current': 'stub-meta-current.xml.gz',
  'stub-articles': 'stub-articles.xml.gz',
  'articles-bz2': 'pages-articles.xml.bz2',
  'articles-zst': 'pages-articles.xml.zst',
  'articles-multistream': 'pages-articles-multistream.xml.bz2',
  'current-bz2': 'pages-meta-current.xml.bz2',
  'history-bz2': 'pages-meta-history.xml.bz2',
  'history-zst': 'pages-meta-history.xml.zst',
} as const;
const groups = [
  ['stub-history', 'stub-current', 'stub-articles'],
  ['articles-bz2', 'articles-zst', 'articles-multistream', 'articles-multistream-index'],
  ['history-bz2', 'history-zst'],
] as const;

describe('a dump whose outputs are split', { skip: requires('bzip2') }, () => {
  let folder: TemporaryFolder;
  let whole: SqliteFarm;
  let parted: SqliteFarm;

  before(async () => {
    folder = await temporaryFolder('split');
    await Promise.all(['whole', 'parted'].map((name) => mkdir(folder.in(name))));
    [whole, parted] = await Promise.all([
      makeSqliteFarm(folder.in('whole'), settings),
      makeSqliteFarm(folder.in('parted'), { ...settings, split }),
    ]);
  });
  after(async () => await folder?.[Symbol.asyncDispose]());

  const dump = async (farm: SqliteFarm, date: string, ...args: readonly string[]) => {
    const result = await farm.rota('dump', wikiName, '--date', date, ...args);
    assert.equal(result.status, 0, result.stderr);
  };
  const folderOf = (date: string) => join(parted.folder, 'public', wikiName, date);
  const partsOf = async (date: string, output: string): Promise<readonly Part[]> => {
    const manifest = JSON.parse(await readFile(join(folderOf(date), 'manifest.json'), 'utf8')) as {
      readonly sets: Readonly<Record<string, { readonly files: readonly Part[] }>>;
    };
    return Object.values(manifest.sets)
      .flatMap((set) => set.files)
      .filter((file) => file.output === output)
      .toSorted((a, b) => (a.split?.part ?? 0) - (b.split?.part ?? 0));
  };
  const undated = (part: Part, date: string) => part.name.slice(`${wikiName}-${date}-`.length);
  const rangesOf = async (date: string, output: string) =>
    (await partsOf(date, output)).map(({ split }) => [split?.range.firstPageId, split?.range.lastPageId]);

  /** Every output's parts, one behind the other, are the whole file of the other farm. */
  const assertSameContent = async (date: string) => {
    for (const [output, name] of Object.entries(outputs)) {
      const parts = await partsOf(date, output);
      assert.ok(parts.length > 1, `${output} has ${parts.length} part`);
      const texts = await Promise.all(parts.map((part) => parted.published(date, undated(part, date))));
      const expected = await whole.published(date, name);
      for (const [index, text] of texts.entries()) {
        assert.equal(headOf(text), headOf(expected), `${output}, head of part ${index + 1}`);
        assert.equal(footOf(text), footOf(expected));
        assert.equal(Buffer.byteLength(text), parts[index]?.rawBytes);
        assert.equal([...text.matchAll(/<page>/g)].length, parts[index]?.counts.pages);
        assert.equal([...text.matchAll(/<revision>/g)].length, parts[index]?.counts.revisions);
      }
      assert.ok(texts.map(bodyOf).join('') === bodyOf(expected), `${output}: the same pages`);
      assert.ok(bodyOf(expected).length > 1000);
    }
  };

  it('has the same pages in the same order, in parts with ranges that follow one another', async () => {
    await Promise.all([dump(whole, '20260101'), dump(parted, '20260101')]);
    await assertSameContent('20260101');
    const greatest = parted.value('SELECT MAX(page_id) FROM page');
    for (const output of Object.keys(outputs)) {
      const ranges = await rangesOf('20260101', output);
      assert.equal(ranges[0]?.[0], 1);
      assert.equal(ranges.at(-1)?.[1], greatest);
      for (const [index, [first]] of ranges.entries()) {
        if (index > 0) assert.equal(first, Number(ranges[index - 1]?.[1]) + 1, output);
      }
    }
    for (const [first, ...others] of groups) {
      const ranges = await rangesOf('20260101', first);
      for (const other of others) assert.deepEqual(await rangesOf('20260101', other), ranges, other);
    }
    for (const part of await partsOf('20260101', 'history-bz2')) {
      const text = await parted.published('20260101', undated(part, '20260101'));
      const largest = Math.max(...text.split('<page>').map((page) => Buffer.byteLength(page)));
      // A page stays whole, and what lies before it since the last place to cut stays with it.
      const isNoLarger = part.rawBytes <= maxRawBytes || part.rawBytes - largest <= maxRawBytes / 8;
      assert.ok(isNoLarger, `${part.name}: ${part.rawBytes}`);
    }
    for (const part of await partsOf('20260101', 'articles-bz2')) assert.ok(part.counts.pages <= 20);
  });

  it("calls them by the field's names, in every list of files", async () => {
    const [first] = await partsOf('20260101', 'history-bz2');
    const last = first?.split?.range.lastPageId;
    assert.equal(first?.name, `${wikiName}-20260101-pages-meta-history1.xml-p1p${last}.bz2`);
    assert.equal(
      (await partsOf('20260101', 'stub-history'))[1]?.name,
      `${wikiName}-20260101-stub-meta-history2.xml.gz`,
    );
    const names = (await readdir(folderOf('20260101'))).filter((name) =>
      /^smallwiki-\d+-(stub|pages)-.*\.(gz|bz2|zst)$/.test(name),
    );
    const status = JSON.parse(await readFile(join(folderOf('20260101'), 'dumpstatus.json'), 'utf8')) as {
      readonly jobs: Readonly<Record<string, { readonly files?: Readonly<Record<string, Listed>> }>>;
    };
    const listed = Object.values(status.jobs).flatMap((job) => Object.entries(job.files ?? {}));
    assert.deepEqual(listed.map(([name]) => name).toSorted(), names.toSorted());
    assert.ok(listed.every(([, facts]) => facts.size > 0 && facts.sha1.length === 40));
    const sums = await readFile(join(folderOf('20260101'), `${wikiName}-20260101-md5sums.txt`), 'utf8');
    const latest = join(parted.folder, 'public', wikiName, 'latest');
    const feeds = await readdir(latest);
    for (const name of names) {
      assert.ok(sums.includes(`  ${name}\n`), name);
      const link = name.replace('20260101', 'latest');
      assert.equal(await readlink(join(latest, link)), `../20260101/${name}`);
      assert.ok(feeds.includes(`${link}-rss.xml`));
    }
  });

  it('gives each part of the multistream file an index of its own', async () => {
    const files = await partsOf('20260101', 'articles-multistream');
    const indexes = await partsOf('20260101', 'articles-multistream-index');
    assert.equal(indexes.length, files.length);
    for (const [index, file] of files.entries()) {
      const bytes = await readFile(join(folderOf('20260101'), file.name));
      const text = await parted.published('20260101', undated(indexes[index] as Part, '20260101'));
      const lines = text.split('\n').slice(0, -1);
      assert.equal(lines.length, file.counts.pages);
      for (const line of lines) {
        const [offset, id] = line.split(':').map(Number);
        assert.equal(bytes.toString('latin1', offset, Number(offset) + 4), 'BZh9', line);
        assert.ok(Number(id) >= Number(file.split?.range.firstPageId));
        assert.ok(Number(id) <= Number(file.split?.range.lastPageId));
      }
    }
  });

  it('keeps the cuts on the next date, and cuts only the last part again', async () => {
    for (const farm of [whole, parted]) grow(farm, 1000);
    await Promise.all([dump(whole, '20260201'), dump(parted, '20260201')]);
    await assertSameContent('20260201');
    for (const output of Object.keys(outputs)) {
      const before = await rangesOf('20260101', output);
      const now = await rangesOf('20260201', output);
      assert.ok(now.length > before.length, output);
      assert.deepEqual(now.slice(0, before.length - 1), before.slice(0, -1), output);
      assert.equal(now[before.length - 1]?.[0], before.at(-1)?.[0], output);
    }
    const latest = await readdir(join(parted.folder, 'public', wikiName, 'latest'));
    assert.deepEqual(
      latest.filter((name) => /pages-meta-history.*\.bz2$/.test(name)).toSorted(),
      (await partsOf('20260201', 'history-bz2'))
        .map((part) => part.name.replace('20260201', 'latest'))
        .toSorted(),
    );
  });

  it('keeps the cuts of a date that is made again, whatever has changed by then', async () => {
    grow(whole, 3000);
    grow(parted, 3000);
    await dump(parted, '20260301', '--only', 'content');
    // The last page of a part goes, and the last look builds its piece again.
    const [[, gone] = []] = await rangesOf('20260201', 'history-zst');
    for (const farm of [whole, parted]) {
      farm.sql('DELETE FROM page WHERE page_id = ?', gone ?? 0);
      farm.sql('DELETE FROM revision WHERE rev_page = ?', gone ?? 0);
    }
    const file = join(parted.folder, 'rota.yaml');
    const config = parse(await readFile(file, 'utf8'));
    delete config.jobs['full-dump'].split;
    await writeFile(file, stringify(config));
    await Promise.all([dump(whole, '20260301'), dump(parted, '20260301', '--from-stage', 'content')]);
    await assertSameContent('20260301');
    const before = await rangesOf('20260201', 'history-zst');
    const now = await rangesOf('20260301', 'history-zst');
    assert.ok(now.length > before.length);
    assert.deepEqual(now.slice(0, before.length - 1), before.slice(0, -1));
    // From the next date on the outputs are whole again, as is now configured.
    await dump(parted, '20260401');
    assert.ok(
      (await parted.published('20260401', outputs['history-zst'])) ===
        (await whole.published('20260301', outputs['history-zst'])),
    );
  });
});

/** Copies every page of the generated wiki under a new id and title, with its whole history. */
function grow(farm: SqliteFarm, by: number): void {
  const rest = 'page_is_new, page_random, page_touched, page_links_updated';
  farm.sql(
    `INSERT INTO page (page_id, page_namespace, page_title, page_is_redirect, page_latest, page_len, page_content_model, ${rest})
     SELECT page_id + ${by}, page_namespace, '${by}_' || page_title, 0, page_latest + ${by * 100},
            page_len, page_content_model, ${rest}
     FROM page WHERE page_id < 40 AND page_is_redirect = 0 AND length(page_title) < 100`,
  );
  const columns =
    'rev_comment_id, rev_actor, rev_timestamp, rev_minor_edit, rev_deleted, rev_len, rev_parent_id, rev_sha1';
  farm.sql(
    `INSERT INTO revision (rev_id, rev_page, ${columns})
     SELECT rev_id + ${by * 100}, rev_page + ${by}, ${columns} FROM revision
     WHERE rev_page IN (SELECT page_id - ${by} FROM page)`,
  );
  farm.sql(
    `INSERT INTO revision_comment_temp (revcomment_rev, revcomment_comment_id)
     SELECT revcomment_rev + ${by * 100}, revcomment_comment_id FROM revision_comment_temp
     WHERE revcomment_rev IN (SELECT rev_id - ${by * 100} FROM revision)`,
  );
  farm.sql(
    `INSERT INTO slots (slot_revision_id, slot_role_id, slot_content_id, slot_origin)
     SELECT slot_revision_id + ${by * 100}, slot_role_id, slot_content_id, slot_origin FROM slots
     WHERE slot_revision_id IN (SELECT rev_id - ${by * 100} FROM revision)`,
  );
}

const headEnd = '</siteinfo>\n';
const foot = /<\/mediawiki>\n?$/;

function headOf(xml: string): string {
  return xml.slice(0, xml.indexOf(headEnd) + headEnd.length);
}

function footOf(xml: string): string {
  return foot.exec(xml)?.[0] ?? '';
}

function bodyOf(xml: string): string {
  return xml.slice(headOf(xml).length).replace(foot, '');
}
