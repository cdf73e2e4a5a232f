import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { LogHint } from '../../../mediawiki/metadata/read-log-hints.ts';
import { TitleParser } from '../../../mediawiki/title/parse-title.ts';
import { textPass } from '../testing/model-wiki.ts';
import { LogSubjectCollector } from './log-subjects.ts';

const entry = (change: Partial<LogHint>): LogHint => ({
  ...{ type: 'delete', action: 'delete', namespace: 0, title: 'A', params: '', pageId: 0 },
  ...change,
});

function subjectsOf(...entries: readonly LogHint[]) {
  const collector = new LogSubjectCollector(new TitleParser(textPass.siteInfo));
  for (const one of entries) collector.add(one);
  const { pages, titles, users } = collector.found;
  const named = [...titles].flatMap(([namespace, of]) => [...of].map((title) => `${namespace}:${title}`));
  return { pages: [...pages], titles: named, users: [...users] };
}

test('pages by their ids, and titles where more than the page may have changed', () => {
  assert.deepEqual(subjectsOf(entry({ pageId: 7 }), entry({ type: 'upload', title: 'B.png', pageId: 8 })), {
    ...{ pages: [7, 8], titles: ['0:A'], users: [] },
  });
});

test('where a page or its history was moved to, in the form of today and of long ago', () => {
  const php = 'a:2:{s:9:"4::target";s:5:"b c d";s:10:"5::noredir";s:1:"0";}';
  assert.deepEqual(subjectsOf(entry({ type: 'move', params: php })).titles, ['0:A', '0:B_c_d']);
  const merged = 'a:2:{s:7:"4::dest";s:4:"Into";s:10:"5::mergept";s:14:"20260101000000";}';
  assert.deepEqual(subjectsOf(entry({ type: 'merge', params: merged })).titles, ['0:A', '0:Into']);
  assert.deepEqual(subjectsOf(entry({ type: 'move', params: 'Old form\n1' })).titles, ['0:A', '0:Old_form']);
});

test('blocked users by name, whose names may be hidden everywhere', () => {
  const block = { action: 'block', namespace: 2, title: 'Some_body' };
  assert.deepEqual(subjectsOf(entry({ ...block, type: 'suppress' })).users, ['Some body']);
  assert.deepEqual(subjectsOf(entry({ ...block, type: 'block', action: 'unblock' })).users, ['Some body']);
  assert.deepEqual(subjectsOf(entry({ ...block, type: 'rights', action: 'rights' })).users, []);
});

test('damaged parameters hint at nothing more', () => {
  for (const params of ['a:1:{s:9:"4::target";s:500:"', 'a:1:{s:9:"4::target";i:3;}', 'a:0:{}']) {
    assert.deepEqual(subjectsOf(entry({ type: 'move', params })).titles, ['0:A'], params);
  }
});
