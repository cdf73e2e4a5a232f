import assert from 'node:assert/strict';
import { test } from 'node:test';
import { dumpFailure } from './dump-failure.ts';

const address = { dialect: 'mariadb', user: 'u', password: 'hush', host: 'db', database: 'w' } as const;
const about = { program: 'mariadb-dump', table: 'page', address };
const failure = (complaint: string, exitCode: number | null = 2, signal: NodeJS.Signals | null = null) =>
  dumpFailure({ complaint, exitCode, signal }, about);

test('a server that went away is tried again', () => {
  for (const complaint of [
    `mariadb-dump: Got error: 2002: "Can't connect to server on 'db' (115)" when trying to connect`,
    'mariadb-dump: Error 2013: Lost connection to server during query when dumping table `page` at row: 7',
    'mysqldump: Error 1053: Server shutdown in progress when dumping table',
  ]) {
    const error = failure(complaint);
    assert.equal(error.code, 'DATABASE_UNREACHABLE');
    assert.ok(error.retryable);
  }
});

test('what another try cannot mend is final', () => {
  const codes = [
    [
      'mariadb-dump: Got error: 1045: "Access denied for user" when trying to connect',
      'DATABASE_LOGIN_REFUSED',
    ],
    ['mariadb-dump: Couldn\'t find table: "page"', 'TABLE_DUMP_FAILED'],
    ["mysqldump: unknown option '--x'", 'TABLE_DUMP_FAILED'],
  ] as const;
  for (const [complaint, code] of codes) {
    const error = failure(complaint);
    assert.equal(error.code, code);
    assert.ok(!error.retryable);
    assert.doesNotMatch(error.message, /hush/);
  }
});

test('a program that was killed is tried again', () => {
  assert.equal(failure('', null, 'SIGKILL').code, 'TABLE_DUMP_INTERRUPTED');
});
