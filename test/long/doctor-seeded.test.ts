// What goes wrong in the field, seeded one by one into a farm that is well: `rota doctor` names each by its code, says
// where, and how to mend it.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { chmod, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, before, describe, it } from 'node:test';
import {
  makeOperationsFarm,
  type OperationsFarm,
  type OperationsFarmSettings,
  rota,
  writeConfig,
} from '../operations/operations-farm.ts';
import { testBed } from '../support/bed.ts';
import { wikiCopy } from '../support/mediawiki/shared-wikis.ts';
import { cannotMount, mountNamespace } from '../support/mount-namespace.ts';
import { findProgram, requires } from '../support/requirements.ts';
import { runRota, signalTree, startRota } from '../support/rota.ts';
import { type TemporaryFolder, temporaryFolder } from '../support/temporary-folder.ts';

interface Finding {
  readonly level: 'ok' | 'warning' | 'fault';
  readonly area: string;
  readonly code?: string;
  readonly what: string;
  readonly remedy?: string;
}

const wiki = 'alphawiki';
const isRoot = process.getuid?.() === 0;

describe('the doctor finds and explains', () => {
  let folder: TemporaryFolder;
  let farm: OperationsFarm;
  let listener: Server;

  before(async () => {
    folder = await temporaryFolder('doctor-seeded');
    listener = createServer((socket) => socket.destroy()).listen(0, '127.0.0.1');
    await once(listener, 'listening');
    farm = await makeOperationsFarm(folder.path, [wiki]);
    await well();
    const dumped = await rota(farm, 'dump', wiki, '--date', '20260101');
    assert.equal(dumped.status, 0, dumped.stderr);
  });
  after(async () => {
    listener.close();
    await folder[Symbol.asyncDispose]();
  });

  const configured = async (settings: OperationsFarmSettings = {}, alertPort?: number) => {
    const port = alertPort ?? (listener.address() as AddressInfo).port;
    const alerts = { webhook: { url: `http://127.0.0.1:${port}/` } };
    await writeConfig(farm, { ...settings, farm: { alerts, monitor: { every: '1s' }, ...settings.farm } });
  };
  const well = () => configured();

  /** What is not well, of this machine's disks only where it is asked for. */
  const examine = async (
    options: { readonly env?: Record<string, string>; readonly within?: readonly string[] } = {},
  ) => {
    const { stdout, stderr } = await runRota(['--json', 'doctor'], { cwd: farm.folder, ...options });
    const lines = stdout.toString().split('\n').filter(Boolean);
    assert.ok(lines.length > 0, stderr);
    return lines.map((line) => JSON.parse(line) as Finding).filter(({ level }) => level !== 'ok');
  };
  const found = (findings: readonly Finding[], code: string, what: RegExp, remedy: RegExp) => {
    const one = findings.find((finding) => finding.code === code && what.test(finding.what));
    assert.ok(one, `${code} ${what}\n${JSON.stringify(findings, null, 1)}`);
    assert.match(one.remedy ?? '', remedy);
  };

  it('nothing on a farm that is well', async () => {
    await well();
    const findings = await examine();
    const ofTheFarm = findings.filter(({ code }) => code !== 'PROGRAM_SLOW' && code !== 'DISK_NEARLY_FULL');
    assert.deepEqual(ofTheFarm, []);
  });

  it('a public tree into which nothing can be written, and a run store likewise', async () => {
    await well();
    // The superuser's own privileges would see no difference.
    const within = isRoot
      ? [findProgram('setpriv') ?? 'setpriv', '--bounding-set=-all', '--inh-caps=-all', '--']
      : [];
    await chmod(folder.in('public'), 0o555);
    await rm(folder.in('apart'), { recursive: true, force: true });
    await mkdir(folder.in('apart'), { mode: 0o555 });
    try {
      found(
        await examine({ within }),
        'TREE_NOT_WRITABLE',
        /published in the public tree .*EACCES/,
        /user that runs Rota/,
      );
      await configured({ farm: { store: 'sqlite:./apart/rota.db' } });
      found(
        await examine({ within }),
        'STORE_NOT_WRITABLE',
        /rota\.db cannot be made/,
        /Give the folder to the user/,
      );
    } finally {
      await chmod(folder.in('public'), 0o755);
    }
  });

  it('a private tree inside the public one', async () => {
    await configured({ farm: { output: { public: './public', private: './public/private' } } });
    found(
      await examine(),
      'CONFIG_INVALID',
      /rota\.yaml:3:12: .*must not lie in each other/,
      /Mend what is listed/,
    );
  });

  it('a compressor that is not installed', async () => {
    await configured({ fullDump: { compression: { articles: 'bz2' } } });
    found(await examine({ env: { PATH: '/nonexistent' } }), 'PROGRAM_MISSING', /bzip2/, /Install lbzip2/);
  });

  it('the siteinfo of another wiki', async () => {
    await writeFile(
      folder.in('other.json'),
      (await readFile(folder.in(`${wiki}.json`), 'utf8')).replaceAll(`"${wiki}"`, '"otherwiki"'),
    );
    await configured({ siteinfo: () => './other.json' });
    found(await examine(), 'SITEINFO_OF_ANOTHER_WIKI', /wiki otherwiki/, /alphawiki's own api\.php/);
  });

  it('a server for alerts that is not there', async () => {
    const closed = createServer().listen(0, '127.0.0.1');
    await once(closed, 'listening');
    const { port } = closed.address() as AddressInfo;
    closed.close();
    await once(closed, 'close');
    await configured({}, port);
    found(await examine(), 'ALERTS_UNREACHABLE', /ECONNREFUSED/, /alerts\.webhook\.url/);
  });

  it('a clock that went back', async () => {
    await well();
    const skewed = join(import.meta.dirname, '../support/skewed-clock.mjs');
    const env = { NODE_OPTIONS: `--import ${skewed}`, ROTA_TEST_SKEW_MS: String(-7_200_000) };
    found(await examine({ env }), 'CLOCK_WRONG', /in the future/, /NTP/);
  });

  it('a process that died unnoticed, and work that nobody does', async () => {
    await well();
    const child = startRota(['dump', wiki, '--date', '20260201', '--json'], { cwd: farm.folder });
    await once(child.stdout, 'data');
    signalTree(child, 'SIGKILL');
    await child;
    const skewed = join(import.meta.dirname, '../support/skewed-clock.mjs');
    const later = { NODE_OPTIONS: `--import ${skewed}`, ROTA_TEST_SKEW_MS: String(7_200_000) };
    let findings = await examine({ env: later });
    // Its lease lasts three seconds more, by a clock that nobody can put forward.
    for (const end = Date.now() + 60_000; findings.length === 0 && Date.now() < end; ) {
      findings = await examine({ env: later });
    }
    found(findings, 'NOBODY_MONITORS', /full-dump\/alphawiki\/20260201 is gone/, /rota monitor/);
    await rota({ ...farm, env: later }, 'monitor', '--once');
    const evenLater = { ...later, ROTA_TEST_SKEW_MS: String(14_400_000) };
    found(await examine({ env: evenLater }), 'NOBODY_WORKS', /20260201 could go on/, /rota worker/);
  });

  it('a database of a MediaWiki that is too old', async () => {
    const database = new DatabaseSync(folder.in('old.sqlite'));
    database.exec(
      'CREATE TABLE page (page_id INT); CREATE TABLE text (old_id INT); CREATE TABLE revision (rev_id INT, rev_page INT, rev_text_id INT, rev_user_text TEXT)',
    );
    database.close();
    await configured({ wiki: { database: 'sqlite:./old.sqlite' } });
    found(await examine(), 'SCHEMA_UNSUPPORTED', /old\.sqlite/, /update\.php/);
  });

  it('a disk that is nearly full', { skip: cannotMount() }, async () => {
    await mkdir(folder.in('small'), { recursive: true });
    await configured({ farm: { output: { public: './small/public', private: './small/private' } } });
    const script =
      'mount -t tmpfs -o size=1m tmpfs small && mkdir -p small/public small/private && head -c 1040000 /dev/zero > small/full; exec "$0" "$@"';
    const within = ['unshare', ...mountNamespace(), 'sh', '-c', script];
    found(await examine({ within }), 'DISK_NEARLY_FULL', /small/, /Make room/);
  });

  it('a wrong password, and an account that may write', {
    skip: requires('mariadb', 'mediawiki'),
  }, async () => {
    const { mariadb } = testBed();
    await using copy = await wikiCopy('empty', 'doctor_seeded');
    const account = async (user: string, password: string) => {
      await writeFile(folder.in('password'), `${password}\n`, { mode: 0o600 });
      const database = `mysql://${user}@127.0.0.1:${mariadb.port}/${copy.database}`;
      await configured({ wiki: { database, passwordFile: './password' } });
      return await examine();
    };
    found(await account(mariadb.reader.user, 'guessed'), 'DATABASE_LOGIN_REFUSED', /reader/, /passwordFile/);
    found(
      await account(mariadb.writer.user, mariadb.writer.password),
      'ACCOUNT_MAY_WRITE',
      /wiki may do more/,
      /GRANT SELECT/,
    );
    const reader = await account(mariadb.reader.user, mariadb.reader.password);
    assert.ok(!reader.some(({ code }) => code === 'ACCOUNT_MAY_WRITE'), JSON.stringify(reader));
  });
});
