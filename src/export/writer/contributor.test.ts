import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ContributorCache, isIpAddress } from './contributor.ts';

test('takes for an address what MediaWiki takes for one', () => {
  const addresses = [
    '127.0.0.1',
    '001.002.003.004',
    '01.2.3.4',
    '1.2.3.4\n',
    '0.0.0.0',
    '::',
    '::1',
    '1::',
    '::1\n',
    'a::b',
    '1:2:3:4:5:6:7:8',
    '1:2:3:4:5:6:7::',
    '::2:3:4:5:6:7:8',
    '1::3:4:5:6:7:8',
    '1:2:3::5:6:7:8',
  ];
  const names = [
    '',
    '256.1.1.1',
    '1.2.3.4 ',
    '1.2.3',
    '1::2::3',
    '1:2:3:4:5:6:7',
    '1:2:3:4:5:6:7:8:9',
    '2001:db8::/32',
    ':',
    ':1',
    'fe80::1%eth0',
    '::ffff:1.2.3.4',
    '12345::1',
    'g::1',
    '1:::2',
    '1:2:3:4::5:6:7:8',
    '::1:2:3:4:5:6:7:8',
    'a',
    '00',
    'imported>1.2.3.4',
  ];
  for (const address of addresses) assert.equal(isIpAddress(address), true, address);
  for (const name of names) assert.equal(isIpAddress(name), false, name);
});

test('a user without an id is told by name, with 0 or nothing for the id', () => {
  const revisions = new ContributorCache({ indent: '', mode: 'one-pass', withoutId: '0' }, 2);
  const logs = new ContributorCache({ indent: '  ', mode: 'text-pass', withoutId: '' });
  const named = '<contributor>\n  <username>x&gt;Z"</username>\n  <id>0</id>\n</contributor>\n';
  for (let time = 0; time < 2; time += 1) assert.equal(revisions.element(0, 'x>Z"'), named);
  assert.match(revisions.element(7, 'x>Z"'), /<id>7<\/id>/);
  assert.match(revisions.element(7, '1.2.3.4'), /<username>1\.2\.3\.4<\/username>/);
  assert.match(revisions.element(0, '1.2.3.4'), /<ip>1\.2\.3\.4<\/ip>/);
  assert.equal(
    logs.element(0, 'x>"'),
    '  <contributor>\n    <username>x&gt;&quot;</username>\n    <id />\n  </contributor>\n',
  );
  assert.match(logs.element(0, ''), /<username \/>/);
});
