import assert from 'node:assert/strict';
import { test } from 'node:test';
import { rsyncArguments } from './rsync-program.ts';

const files = { from: ['/v/work/'], to: "/srv/it's $(x)", copyFrom: '../abc', mirror: true, checksum: false };
const tail = (remote: Parameters<typeof rsyncArguments>[0], p = files) => {
  const all = rsyncArguments(remote, p);
  return { all, last: all.slice(all.indexOf('--')) };
};

test('rsync is told where files come from and go to, and nothing of it is read by a shell', () => {
  const ssh = ['ssh', '-F', "/home/it's me/config", '-o', 'BatchMode=yes'];
  const { all, last } = tail({ ssh, destination: 'deploy@mw1', become: "mw'deploy" });
  assert.deepEqual(last, ['--', '/v/work/', "deploy@mw1:/srv/it's $(x)"]);
  assert.ok(
    all.includes('--secluded-args') && all.includes('--delete') && all.includes('--copy-dest=../abc'),
  );
  assert.equal(all[all.indexOf('-e') + 1], `'ssh' '-F' '/home/it''s me/config' '-o' 'BatchMode=yes'`);
  assert.ok(all.includes(`--rsync-path=sudo -n -u 'mw'\\''deploy' rsync`));
  assert.ok(!all.includes('--checksum'));
});

test('an address of IPv6 has brackets, a folder of this machine no host', () => {
  const ssh = ['ssh'];
  assert.deepEqual(
    tail({ ssh, destination: 'a@fe80::1', become: null }).last.at(-1),
    `a@[fe80::1]:${files.to}`,
  );
  assert.deepEqual(tail({ ssh, destination: '[::1]', become: null }).last.at(-1), `[::1]:${files.to}`);
  const local = tail(
    { ssh: null, destination: '', become: null },
    { ...files, mirror: false, checksum: true },
  );
  assert.equal(local.last.at(-1), files.to);
  assert.ok(!local.all.includes('-e') && !local.all.includes('--delete') && local.all.includes('--checksum'));
});
