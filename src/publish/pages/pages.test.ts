import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { DumpView } from '../status/dump-view.ts';
import { rssFeed } from '../status/rss.ts';
import { statusFragment } from '../status/status-fragment.ts';
import { dumpPage } from './dump-page.ts';
import { escapeMarkup, html } from './html.ts';
import { indexPage } from './index-page.ts';
import { jobItem } from './job-item.ts';
import { readableSize } from './sizes.ts';
import { stylesheet } from './stylesheet.ts';
import { wikiPage } from './wiki-page.ts';

const hostile = `x"'><script>alert(1)</script>&amp;`;

function viewOf(text: string): DumpView {
  return {
    wiki: text,
    date: text,
    state: 'in-progress',
    previousDate: text,
    notice: text,
    updatedAt: new Date('2026-11-22T05:15:23Z'),
    jobs: [
      {
        name: text,
        description: text,
        status: 'in-progress',
        updatedAt: new Date('2026-11-22T05:15:23Z'),
        progress: text,
        files: (['missing', 'writing', 'present'] as const).map((state) => ({
          name: text,
          sizeBytes: 5_000,
          md5: text,
          sha1: text,
          state,
        })),
      },
    ],
  };
}

/** Tags with attributes, texts taken out: it is the same whatever a value holds, unless a value broke out. */
function skeleton(markup: string): string {
  return markup
    .replace(/<style>[\s\S]*?<\/style>/, '')
    .replace(/"[^"<>]*"/g, '""')
    .replace(/'[^'<>]*'/g, "''")
    .replace(/>[^<>]*</g, '><');
}

const pagesOf = (text: string) => [
  dumpPage(viewOf(text), { machineFiles: [text] }),
  statusFragment(viewOf(text)),
  indexPage(
    [
      { wiki: text, dump: { date: text, updated: text, label: { className: 'done', text } } },
      { wiki: text, dump: null },
    ],
    { title: text, order: 'name' },
  ),
  indexPage([], { title: text, message: text, order: 'newest' }),
  wikiPage(text, [{ date: text, status: { updated: text, label: { className: text, text } } }]),
  rssFeed({ wiki: text, date: text, file: `${text}-${text}-${text}`, publishedAt: new Date(0) }),
];

test('nothing breaks out of any page, feed or fragment, whatever the names', () => {
  const plain = pagesOf('plain').map(skeleton);
  assert.deepEqual(pagesOf(hostile).map(skeleton), plain);
  fc.assert(
    fc.property(
      fc.string({ minLength: 1, unit: fc.constantFrom('"', "'", '<', '>', '&', '/', ' ', 'a', '`', '=') }),
      (text) => {
        assert.deepEqual(pagesOf(text).map(skeleton), plain);
      },
    ),
    { numRuns: 50 },
  );
});

test('the template escapes values, not HTML', () => {
  assert.equal(
    String(html`<b>${'<i>'}${html`<u>${'"'}</u>`}${[1, null, html`&amp;`]}${false}</b>`),
    '<b>&lt;i&gt;<u>&quot;</u>1&amp;</b>',
  );
  assert.equal(escapeMarkup(`&<>"'`), '&amp;&lt;&gt;&quot;&#039;');
});

test("a job is written as the field's readers expect", () => {
  const item = jobItem({
    name: 'pagetable',
    description: 'Base per-page data',
    status: 'done',
    updatedAt: new Date('2026-11-22T05:14:27Z'),
    files: [
      { name: 'aawiki-20260101-page.sql.gz', sizeBytes: 42, state: 'present' },
      { name: 'NAME', sizeBytes: null, state: 'missing' },
    ],
  });
  assert.equal(
    String(item),
    "<li class='done'><span class='updates'>2026-11-22 05:14:27</span> <span class='status'>done</span> <span class='title'>Base per-page data</span><ul>" +
      '<li class=\'file\'><a href="aawiki-20260101-page.sql.gz">aawiki-20260101-page.sql.gz</a> 42 bytes</li>' +
      "<li class='missing'>NAME</li></ul></li>\n",
  );
});

test("the page of a dump has the field's phrases and only relative links", () => {
  const view = { ...viewOf('aawiki'), date: '20260201', previousDate: '20260101' };
  const page = dumpPage(view);
  assert.match(page, /<h1>aawiki dump progress on 20260201<\/h1>/);
  assert.match(page, /<p class="notice">aawiki<\/p>/);
  assert.match(
    page,
    /This dump is in progress; see also the <a href='\.\.\/20260101\/'>previous dump from 20260101<\/a>/,
  );
  assert.match(dumpPage({ ...view, state: 'done' }), /Last dumped on <a/);
  assert.match(dumpPage({ ...view, previousDate: null }), /No prior dumps of this database stored\./);
  assert.match(page, / \(written\) /);
  assert.match(page, /<div class='progress'>/);
  assert.match(page, /<a href="md5sums-aawiki\.txt" aria-label="md5 of aawiki">md5<\/a>/);
  assert.equal(/(?:href|src)=["'](?:https?:|\/)/.test(page), false);
  assert.equal(/<script|<link rel="stylesheet"|@import|url\(/.test(page), false);
});

test('the list of wikis says whether dumps run', () => {
  const running = {
    date: '20260101',
    updated: '2026-01-01 00:00:00',
    label: { className: 'in-progress', text: 'Dump in progress' },
  };
  assert.match(indexPage([{ wiki: 'a', dump: running }], { order: 'newest' }), /Dumps are in progress\.\.\./);
  const idle = indexPage([{ wiki: 'a', dump: null }], { order: 'newest' });
  assert.match(idle, /Dump process is idle\./);
  assert.match(idle, /Also view sorted by <a href="backup-index-bydb\.html">wiki name<\/a>/);
  assert.match(idle, /has not yet been dumped/);
});

test('sizes for people', () => {
  const sizes = [0, 1, 999, 1000, 9_949, 9_951, 999_499, 999_500, 1_234_567_890, 5.87e12];
  assert.deepEqual(sizes.map(readableSize), [
    '0 bytes',
    '1 byte',
    '999 bytes',
    '1.0 kB',
    '9.9 kB',
    '10 kB',
    '999 kB',
    '1.0 MB',
    '1.2 GB',
    '5.9 TB',
  ]);
});

test('every text colour has a contrast of 4.5 to 1 on its grounds, light and dark', () => {
  const [light = '', dark = ''] = stylesheet.markup.split('@media (prefers-color-scheme:dark)');
  for (const scheme of [light, dark.slice(0, 600)]) {
    const colour = (name: string) => new RegExp(`--${name}:(#[0-9a-f]+)`).exec(scheme)?.[1] ?? '';
    const pairs = [
      ...['text', 'soft', 'link', 'run'].flatMap(
        (name) =>
          [
            [name, 'ground'],
            [name, 'card'],
          ] as const,
      ),
      ...['done', 'fail', 'run', 'wait', 'part'].map((name) => [name, `${name}-bg`] as const),
    ];
    for (const [text, ground] of pairs) {
      const ratio = contrast(colour(text), colour(ground));
      assert.ok(ratio >= 4.5, `${text} on ${ground}: ${ratio.toFixed(2)}`);
    }
  }
});

/** WCAG 2.2, relative luminance. */
function contrast(a: string, b: string): number {
  const [high = 0, low = 0] = [luminance(a), luminance(b)].toSorted((x, y) => y - x);
  return (high + 0.05) / (low + 0.05);
}

function luminance(colour: string): number {
  const digits = colour.slice(1);
  const full = digits.length === 3 ? digits.replace(/./g, '$&$&') : digits;
  const [r = 0, g = 0, b = 0] = [0, 2, 4].map((at) => {
    const part = Number.parseInt(full.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}
