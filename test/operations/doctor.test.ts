import assert from 'node:assert/strict';
import { once } from 'node:events';
import { chmod, mkdir, rm, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { DatabaseSync } from 'node:sqlite';
import { after, test } from 'node:test';
import { program, requires } from '../support/requirements.ts';
import { runRota } from '../support/rota.ts';
import { startSshHosts } from '../support/ssh-hosts.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { makeOperationsFarm, type OperationsFarm, rota, writeConfig } from './operations-farm.ts';

interface Finding {
  readonly level: string;
  readonly area: string;
  readonly what: string;
  readonly remedy?: string;
}

async function doctor(farm: OperationsFarm, env: Readonly<Record<string, string>> = {}) {
  const { status, stdout } = await runRota(['--json', 'doctor'], { cwd: farm.folder, env });
  const lines = stdout.toString().split('\n').filter(Boolean);
  return { status, findings: lines.map((line) => JSON.parse(line) as Finding) };
}

const listener = createServer((socket) => socket.destroy()).listen(0, '127.0.0.1');
await once(listener, 'listening');
after(() => listener.close());
const { port } = listener.address() as AddressInfo;
const alerts = { farm: { alerts: { webhook: { url: `http://127.0.0.1:${port}/` } } } };

test('a farm that is well has no fault, and every fault and warning of one that is not says how to mend it', async () => {
  await using folder = await temporaryFolder('doctor');
  const farm = await makeOperationsFarm(folder.path, ['alphawiki', 'betawiki'], alerts);
  const well = await doctor(farm);
  const notWell = well.findings.filter((finding) => finding.level !== 'ok' && finding.area !== 'disk');
  assert.deepEqual(
    notWell.filter((finding) => !/lbzip2/.test(finding.remedy ?? '')),
    [],
  );
  assert.notEqual(well.status, 1);

  // Neither a log type that nobody knows, nor a lost database, nor an unreadable siteinfo stays unseen.
  const database = new DatabaseSync(folder.in('alphawiki.sqlite'));
  database.exec("UPDATE logging SET log_type = 'gossip' WHERE log_id = (SELECT max(log_id) FROM logging)");
  database.close();
  await rm(folder.in('alphawiki.json'));
  await rm(folder.in('betawiki.sqlite'));
  await writeConfig(farm, {
    farm: { ...alerts.farm, phabricator: { dump: './tracker.dump' } },
    fullDump: { compression: { articles: 'bz2' } },
  });
  await rota(farm, 'pause', 'all');
  await chmod(folder.in('private'), 0o755).catch(() => {});
  const { status, findings } = await doctor(farm, { PATH: '/nonexistent' });
  assert.equal(status, 1);
  const found = (level: string, area: string, what: RegExp) =>
    assert.ok(
      findings.some((f) => f.level === level && f.area === area && what.test(f.what)),
      `${level} ${area} ${what}\n${JSON.stringify(findings, null, 1)}`,
    );
  found('warning', 'wiki alphawiki', /gossip/);
  found('fault', 'wiki alphawiki', /FILE_UNREADABLE/);
  found('fault', 'wiki betawiki', /DATABASE_/);
  found('fault', 'programs', /bzip2 is installed/);
  found('warning', 'store', /paused: all/);
  found('fault', 'tracker phabricator', /TRACKER_UNREACHABLE: The dump .*tracker\.dump cannot be read/);
  for (const finding of findings) {
    assert.equal(finding.remedy === undefined, finding.level === 'ok', JSON.stringify(finding));
  }
});

test('each fault of rota.yaml is a finding, an unknown wiki gets the nearest one, a shared folder is tried', async () => {
  await using folder = await temporaryFolder('doctor');
  const farm = await makeOperationsFarm(folder.path, ['alphawiki'], alerts);
  const unknown = await rota(farm, 'doctor', 'alpawiki');
  assert.equal(unknown.status, 2);
  assert.match(unknown.stderr, /did you mean "alphawiki"/);
  const shared = await rota(farm, 'doctor', '--shared-dir', folder.path);
  assert.notEqual(shared.status, 1, shared.stdout.toString());
  assert.match(shared.stdout.toString(), /✓ shared folder: another process sees a renamed file/);
  for (const line of shared.stdout.toString().split('\n')) assert.ok(line.length <= 80, line);

  await writeConfig(farm, { ...alerts, farm: { stroe: 'x', lees: 1 } });
  const { status, findings } = await doctor(farm);
  assert.equal(status, 1);
  assert.equal(
    findings.filter((finding) => finding.area === 'rota.yaml').length,
    2,
    JSON.stringify(findings),
  );
});

test('a shared folder is tried with a process on another host', {
  skip: requires('sshd'),
}, async () => {
  await using folder = await temporaryFolder('doctor-hosts');
  await mkdir(folder.in("both hosts' own"));
  const farm = await makeOperationsFarm(folder.path, [], alerts);
  await using hosts = await startSshHosts(folder.path, 1);
  // Who has settings of their own for ssh has them in a file; here in a program of that name.
  const ssh = `#!/bin/sh\nexec ${program('ssh')} -F '${folder.in('ssh_config')}' "$@"\n`;
  await mkdir(folder.in('bin'));
  await writeFile(folder.in('bin', 'ssh'), ssh, { mode: 0o755 });
  const env = { ...hosts.env, PATH: `${folder.in('bin')}:${process.env.PATH}` };
  const tried = (host: string) =>
    rota({ ...farm, env }, 'doctor', '--shared-dir', "both hosts' own", '--with-host', host);
  const well = (await tried('h1')).stdout.toString();
  assert.match(well, /✓ shared folder: h1 sees a renamed file/);
  assert.match(well, /✓ shared folder: this process sees what h1 renamed/);
  hosts.kill('h1');
  const gone = await tried('h1');
  assert.equal(gone.status, 1);
  assert.match(gone.stdout.toString(), /✗ shared folder: no second process could be had on h1/);
  const alone = await rota(farm, 'doctor', '--with-host', 'h1');
  assert.equal(alone.status, 2);
});

test('hosts to which code is deployed are tried, where it is deployed from', {
  skip: requires('sshd'),
}, async () => {
  await using folder = await temporaryFolder('doctor-environment');
  await using hosts = await startSshHosts(folder.path, 2);
  await mkdir(folder.in('code'));
  const environments = { production: { source: './code', ...hosts.settings } };
  const farm = {
    ...(await makeOperationsFarm(folder.path, [], { farm: { ...alerts.farm, environments } })),
    env: hosts.env,
  };
  const well = await rota(farm, 'doctor');
  assert.match(well.stdout.toString(), /✓ environment production: 2 of 2 hosts can be deployed to/);
  hosts.kill('h2');
  const { findings } = await doctor(farm, hosts.env);
  const ofHosts = findings.filter(({ area }) => area === 'environment production');
  assert.deepEqual(
    ofHosts.map(({ level }) => level),
    ['fault', 'ok'],
    JSON.stringify(ofHosts),
  );
  assert.match(ofHosts[0]?.what ?? '', /^HOST_UNREACHABLE: h2 /);
  assert.match(ofHosts[1]?.what ?? '', /^1 of 2 hosts/);

  await rm(folder.in('code'), { recursive: true });
  const elsewhere = await rota(farm, 'doctor');
  assert.match(
    elsewhere.stdout.toString(),
    /✓ environment production: its staging tree is not on this machine/,
  );
});
