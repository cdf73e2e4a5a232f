// How etcd is reached: TLS, logins, several endpoints; and what is said when it takes no more.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { after, before, describe, it } from 'node:test';
import { examineCluster } from '../../src/control/store/etcd/examine-cluster.ts';
import { openEtcdStore } from '../../src/control/store/etcd/open-etcd-store.ts';
import { claimed, holder, id, leaseMs } from '../../src/control/store/testing/store-fixture.ts';
import { systemClock } from '../../src/core/clock.ts';
import { isRotaError } from '../../src/core/errors/rota-error.ts';
import { makeCertificates } from '../support/certificates.ts';
import { freePorts, type RunningEtcd, startEtcd } from '../support/etcd.ts';
import { requires } from '../support/requirements.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const clock = systemClock;

describe('etcd with TLS and client certificates', { skip: requires('etcd', 'openssl') }, () => {
  it('is used with them, and refused without', async () => {
    await using folder = await temporaryFolder();
    const files = await makeCertificates(folder.path);
    await using etcd = await startEtcd({ tls: { ...files, wantsClient: true } });
    const { endpoints } = etcd;
    const [ca, cert, key] = await Promise.all(
      [files.ca, files.cert, files.key].map((file) => readFile(file, 'utf8')),
    );
    assert.ok(ca !== undefined && cert !== undefined && key !== undefined);
    await using store = await openEtcdStore({ endpoints, clock, tls: { ca, cert, key } });
    await claimed(store);
    const impatient = { endpoints, clock, patienceMs: 1_000 };
    await assert.rejects(
      openEtcdStore(impatient),
      (e) => isRotaError(e, 'STORE_REFUSED') && /store\.ca/.test(e.message),
    );
    // Whether the connection is refused or just ended depends on when the client notices.
    await assert.rejects(openEtcdStore({ ...impatient, tls: { ca } }), (e) =>
      isRotaError(e, 'STORE_REFUSED', 'STORE_UNAVAILABLE'),
    );
  });
});

describe('etcd with logins', { skip: requires('etcd') }, () => {
  it('lets a user at its prefix and nowhere else, and logs in anew when the token has ended', async () => {
    await using etcd = await startEtcd({ flags: ['--auth-token-ttl=2'] });
    await etcd.ctl('user', 'add', 'root:root-pass');
    await etcd.ctl('user', 'grant-role', 'root', 'root');
    await etcd.ctl('role', 'add', 'rota');
    await etcd.ctl('role', 'grant-permission', 'rota', '--prefix=true', 'readwrite', '/rota/');
    await etcd.ctl('user', 'add', 'rota:rota-pass');
    await etcd.ctl('user', 'grant-role', 'rota', 'rota');
    await etcd.ctl('auth', 'enable');
    const { endpoints } = etcd;
    const user = { name: 'rota', password: 'rota-pass' };
    await using store = await openEtcdStore({ endpoints, clock, user });
    const { guard } = await claimed(store);
    // Longer than the token's life.
    await clock.sleep(4_500);
    await store.renewLease({ guard });
    await store.endRun({ guard, ending: { state: 'done' } });
    const isRefused = (e: unknown) => isRotaError(e, 'STORE_REFUSED');
    await assert.rejects(openEtcdStore({ endpoints, clock, user, prefix: '/other/' }), isRefused);
    await assert.rejects(
      openEtcdStore({ endpoints, clock, user: { ...user, password: 'wrong' } }),
      (e) => isRefused(e) && !/wrong/.test(String(e)),
    );
    await assert.rejects(openEtcdStore({ endpoints, clock }), isRefused);
  });
});

describe('several endpoints', { skip: requires('etcd') }, () => {
  let etcd: RunningEtcd;
  before(async () => {
    etcd = await startEtcd();
  });
  after(async () => {
    await etcd[Symbol.asyncDispose]();
  });

  it('one that is not there and one that never answers are passed over', async () => {
    const [closed] = await freePorts(1);
    const silent = createServer(() => {}).listen(0, '127.0.0.1');
    try {
      await new Promise((resolve) => silent.once('listening', resolve));
      const address = silent.address();
      assert.ok(address !== null && typeof address !== 'string');
      const endpoints = [`http://127.0.0.1:${closed}`, `http://127.0.0.1:${address.port}`, ...etcd.endpoints];
      await using store = await openEtcdStore({
        endpoints,
        clock,
        requestTimeoutMs: 1_000,
        prefix: '/several/',
      });
      await store.createRun({ id: id('frwiki') });
      assert.equal((await store.readRun({ id: id('frwiki') }))?.state, 'waiting');
    } finally {
      silent.close();
    }
  });

  it('none that answers is said with what each of them said', async () => {
    const [closed] = await freePorts(1);
    await assert.rejects(
      openEtcdStore({ endpoints: [`http://127.0.0.1:${closed}`], clock, patienceMs: 300 }),
      (e) => isRotaError(e, 'STORE_UNAVAILABLE') && e.message.includes(`127.0.0.1:${closed}: ECONNREFUSED`),
    );
    const [member] = await examineCluster({ endpoints: [`http://127.0.0.1:${closed}`], clock });
    assert.ok(member !== undefined && 'error' in member.answer);
    assert.match(member.answer.error.message, /127\.0\.0\.1:\d+ does not answer \(ECONNREFUSED\)$/);
  });

  it('what is no etcd is called so', async () => {
    const other = createServer((socket) =>
      socket.end('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nhi'),
    ).listen(0, '127.0.0.1');
    try {
      await new Promise((resolve) => other.once('listening', resolve));
      const address = other.address();
      assert.ok(address !== null && typeof address !== 'string');
      await assert.rejects(
        openEtcdStore({ endpoints: [`http://127.0.0.1:${address.port}`], clock }),
        (e) => isRotaError(e, 'STORE_UNREADABLE') && /is this etcd/.test(e.message),
      );
    } finally {
      other.close();
    }
  });

  it('http and https that were taken for each other are told so', async () => {
    const [endpoint = ''] = etcd.endpoints;
    await assert.rejects(
      openEtcdStore({ endpoints: [endpoint.replace('http:', 'https:')], clock, patienceMs: 300 }),
      (e) => isRotaError(e) && /is it http\?/.test(e.message),
    );
  });

  it('compaction between two reads is no failure', async () => {
    await using store = await openEtcdStore({ endpoints: etcd.endpoints, clock, prefix: '/compact/' });
    await store.createRun({ id: id('frwiki') });
    const { guard } = await store.claimRun({
      id: id('frwiki'),
      holder: holder(),
      leaseMs: 20 * leaseMs,
      slotLimits: {},
      resumeWithinMs: {},
    });
    let isOver = false;
    const compacting = (async () => {
      while (!isOver) {
        const status = JSON.parse(await etcd.ctl('endpoint', 'status', '-w', 'json'));
        await etcd.ctl('compact', String(status[0].Status.header.revision)).catch(() => {});
      }
    })();
    try {
      for (let i = 0; i < 25; i++) {
        await store.putProgress({ guard, stage: 's', progress: { done: i, total: 25, unit: 'pages' } });
        await store.waitReasons({ id: id('frwiki'), slotLimits: {}, resumeWithinMs: {} });
        await store.listRuns({});
      }
    } finally {
      isOver = true;
      await compacting;
    }
    assert.equal((await store.readRun({ id: id('frwiki') }))?.progress?.done, 24);
  });
});

describe('an etcd without room', { skip: requires('etcd') }, () => {
  it('is named with the remedy, and takes writes again once it was applied', async () => {
    await using etcd = await startEtcd({ flags: ['--quota-backend-bytes=2000000'] });
    await using store = await openEtcdStore({ endpoints: etcd.endpoints, clock });
    await store.createRun({ id: id('frwiki') });
    const { guard } = await store.claimRun({
      id: id('frwiki'),
      holder: holder(),
      leaseMs: 60 * leaseMs,
      slotLimits: {},
      resumeWithinMs: {},
    });
    const fill = async () => {
      for (let i = 0; i < 100; i++)
        await store.commitPointer({ key: 'big', value: 'x'.repeat(200_000), guard });
    };
    await assert.rejects(fill(), (e) => isRotaError(e, 'STORE_FULL') && /NOSPACE/.test(e.message));
    const [member] = await examineCluster({ endpoints: etcd.endpoints, clock });
    assert.ok(member !== undefined && !('error' in member.answer));
    assert.deepEqual(member.answer.alarms, ['NOSPACE']);
    // Reading goes on.
    assert.equal((await store.readRun({ id: id('frwiki') }))?.state, 'running');
    const status = JSON.parse(await etcd.ctl('endpoint', 'status', '-w', 'json'));
    await etcd.ctl('compact', String(status[0].Status.header.revision));
    await etcd.ctl('defrag');
    await etcd.ctl('alarm', 'disarm');
    await store.endRun({ guard, ending: { state: 'done' } });
    assert.equal((await store.readRun({ id: id('frwiki') }))?.state, 'done');
  });
});
