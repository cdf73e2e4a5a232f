import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RecordChunk } from '../../mediawiki/record/page-part.ts';
import type { PageRecord, RevisionRecord } from '../../mediawiki/record/revision-record.ts';
import { redactor } from './apply-redactions.ts';
import { noRedactions } from './piece-spec.ts';

const page = (id: number): PageRecord => ({
  id,
  namespace: 0,
  title: `Page_${id}`,
  isRedirect: false,
  latestRevisionId: id * 10 + 1,
  redirect: null,
});

const revision = (id: number, deleted: number): RevisionRecord => ({
  id,
  parentId: 0,
  timestamp: '20260101000000',
  isMinor: false,
  deleted,
  sizeBytes: 1,
  sha1: '',
  userId: 1,
  userName: 'A',
  comment: '',
  slots: [],
  problems: [],
});

const chunk: RecordChunk = {
  parts: [1, 2].map((id) => ({
    page: page(id),
    isFirst: true,
    isLast: true,
    revisions: [revision(id * 10, 0), revision(id * 10 + 1, 2)],
  })),
  revisionCount: 4,
  contentBytes: 4,
};

test('nothing to redact gives the very same chunk', () => {
  assert.equal(redactor(noRedactions)(chunk), chunk);
});

test('gone pages and revisions disappear, hidden bits are added and never taken away', () => {
  const redacted = redactor({ gonePages: [1], goneRevisions: [20], hiddenRevisions: { 21: 4 } })(chunk);
  assert.deepEqual(
    redacted.parts.map((part) => [part.page.id, part.revisions.map((r) => [r.id, r.deleted])]),
    [[2, [[21, 6]]]],
  );
  assert.equal(redacted.revisionCount, 1);
});
