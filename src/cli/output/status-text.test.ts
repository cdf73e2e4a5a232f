import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { FarmStatus, SubjectStatus } from '../../operations/status/farm-status.ts';
import { statusText } from './status-text.ts';
import { displayWidth } from './table.ts';
import { wrapped } from './wrapped.ts';

const at = new Date('2026-11-22T12:00:00Z');
const holder = { host: 'a-host-with-a-very-long-name.example.org', pid: 4_194_303, startedAt: at };
const subjects: readonly SubjectStatus[] = [
  {
    job: 'full-dump',
    kind: 'wiki',
    subject: 'a_wiki_with_quite_a_long_namewiki',
    run: 'full-dump/a_wiki_with_quite_a_long_namewiki/20261122',
    date: '20261122',
    state: 'running',
    progress: {
      stage: 'content',
      done: 61_000,
      total: 100_000,
      unit: 'revisions',
      revisionsPerSecond: 24_100,
      bytesPerSecond: 421e6,
      etaMs: 200_000,
    },
    holder,
    startedAt: new Date('2026-11-22T11:00:00Z'),
    nextDueAt: new Date('2026-12-01T02:00:00Z'),
  },
  {
    job: 'full-dump',
    kind: 'wiki',
    subject: 'frwiki',
    run: 'full-dump/frwiki/20261122',
    date: '20261122',
    state: 'failed',
    error: { code: 'DATABASE_UNREACHABLE', message: `${'x'.repeat(120)} does not\nanswer` },
  },
  { job: 'full-dump', kind: 'wiki', subject: 'dewiki', state: 'never' },
];
const status: FarmStatus = {
  name: 'Farm',
  at,
  subjects,
  counts: new Map([['running', 1]]),
  workers: [
    {
      host: 'dump1',
      pid: 4711,
      version: '0.1.0',
      startedAt: at,
      slots: { 'full-dump': 2 },
      running: { 'full-dump': 1 },
    },
  ],
  drains: [{ host: 'dump2', by: 'anna@ops', at }],
  pauses: [{ scope: 'all', at, by: 'ops' }],
  exit: true,
};

test('the status fits 80 columns and tells progress, failure, holder and pauses', () => {
  const lines = statusText(status, 80, false);
  for (const line of lines) assert.ok(displayWidth(line) <= 80, `${displayWidth(line)}: ${line}`);
  const text = lines.join('\n');
  assert.match(text, /content 61% 24,100\/s/);
  assert.match(text, /DATABASE_UNREACHABLE/);
  assert.match(text, /process 4194303 on\s+a-host-with-a-very-long-name/);
  assert.match(text.replaceAll(/\s+/g, ' '), /421 MB\/s 3 min 20 s left/);
  assert.match(text, /12-01 02:00/);
  assert.match(text, /all, by ops/);
  assert.match(text, /dump1: process 4711, Rota 0\.1\.0; full-dump 1 of 2/);
  assert.match(text, /dump2, by anna@ops since/);
  assert.match(text, /dewiki +never/);
});

test('with several jobs the table names them, and a subject of two jobs counts once', () => {
  const row = { job: 'changes', kind: 'wiki', subject: 'dewiki', state: 'done' } as const;
  const scope = { job: 'report', kind: 'scope', subject: 'team', state: 'never' } as const;
  const site = { job: 'deploy', kind: 'environment', subject: 'site', state: 'never' } as const;
  const lines = statusText({ ...status, subjects: [...subjects, row, scope, site] }, 80, false);
  assert.match(lines[0] ?? '', /^Farm: 3 wikis, 1 scope and 1 environment, 1 running$/);
  assert.match(lines.join('\n'), /^SUBJECT +JOB +STATE/m);
  assert.match(lines.join('\n'), /^dewiki +changes +done/m);
});

test('colour is added to the state alone', () => {
  const plain = statusText(status, 80, false);
  const colored = statusText(status, 80, true);
  assert.ok(colored.some((line) => line.includes('\x1b[31mfailed\x1b[0m')));
  assert.deepEqual(
    // biome-ignore lint/complexity/useRegexLiterals: the escape character is clearer so
    colored.map((line) => line.replaceAll(new RegExp('\\x1b\\[\\d*m', 'g'), '')),
    plain,
  );
});

test('long text is wrapped between words, and a long word is cut', () => {
  assert.deepEqual(wrapped('one two three', 8, ''), ['one two', '  three']);
  for (const line of wrapped('y'.repeat(50), 10, '  ')) assert.ok(line.length <= 10);
});
