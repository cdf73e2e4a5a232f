import assert from 'node:assert/strict';
import { test } from 'node:test';
import { dumpArguments } from './dump-arguments.ts';
import { vendorOf } from './dump-program.ts';
import { optionFileText } from './option-file.ts';

const request = { optionFile: '/w/login.cnf', database: 'frwiki', table: 'mw_page' };
const address = { dialect: 'mariadb', user: 'u', password: 'p', database: 'frwiki' } as const;

test('the option file comes first and the table last, behind the end of the options', () => {
  const args = dumpArguments({ ...request, vendor: 'mariadb' });
  assert.equal(args[0], '--defaults-file=/w/login.cnf');
  assert.deepEqual(args.slice(-3), ['--', 'frwiki', 'mw_page']);
});

test('nothing is asked for that a reader may not do', () => {
  const args = dumpArguments({ ...request, vendor: 'mariadb' });
  for (const option of [
    '--single-transaction',
    '--skip-lock-tables',
    '--skip-add-locks',
    '--no-tablespaces',
    '--skip-triggers',
    '--skip-events',
    '--skip-dump-date',
  ])
    assert.ok(args.includes(option), option);
});

test("only MySQL's program is given MySQL's options", () => {
  assert.ok(!dumpArguments({ ...request, vendor: 'mariadb' }).some((arg) => arg.includes('gtid')));
  assert.ok(dumpArguments({ ...request, vendor: 'mysql' }).includes('--set-gtid-purged=OFF'));
});

test('the program says whose it is', () => {
  assert.equal(vendorOf('mysqldump  Ver 10.19 Distrib 10.5.29-MariaDB, for debian-linux-gnu'), 'mariadb');
  assert.equal(vendorOf('mysqldump from 11.4.2-MariaDB, client 10.19 for Linux (x86_64)'), 'mariadb');
  assert.equal(vendorOf('/opt/mariadb/mysqldump  Ver 8.0.36 for Linux on x86_64'), 'mysql');
});

test('a socket wins over host and port, and localhost without one is TCP', () => {
  const socket = optionFileText({ ...address, host: 'db', socket: '/run/m.sock' }, 'mariadb');
  assert.match(socket, /^protocol=socket\nsocket="\/run\/m\.sock"$/m);
  assert.doesNotMatch(socket, /host/);
  assert.match(optionFileText(address, 'mariadb'), /^protocol=tcp\nhost="localhost"\nport=3306$/m);
});

test('encryption is asked for in the words of each program', () => {
  const verified = { ...address, tls: { verify: true, ca: 'PEM' } };
  assert.match(
    optionFileText(verified, 'mariadb', { ca: '/w/ca.pem' }),
    /^ssl\nssl-verify-server-cert\nssl-ca="\/w\/ca/m,
  );
  assert.match(optionFileText(verified, 'mysql', { ca: '/w/ca.pem' }), /^ssl-mode=VERIFY_IDENTITY$/m);
  assert.match(optionFileText({ ...address, tls: { verify: false } }, 'mysql'), /^ssl-mode=REQUIRED$/m);
  assert.match(optionFileText(address, 'mariadb'), /^skip-ssl$/m);
});

test('a password stays one value on one line', () => {
  const text = optionFileText({ ...address, password: 'a"b\\c#d\n[mysqld]' }, 'mariadb');
  assert.match(text, /^password="a\\"b\\\\c#d\\n\[mysqld\]"$/m);
});
