// The pools of load balancers in an etcd that asks for certificates and a login.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import type { PoolSettings } from '../../src/config/environment-pools-config.ts';
import { systemClock } from '../../src/core/clock.ts';
import { isRotaError } from '../../src/core/errors/rota-error.ts';
import { Secret } from '../../src/core/secret.ts';
import { EtcdV3Pools } from '../../src/jobs/deploy/pools/etcd-v3-pools.ts';
import { withPooled } from '../../src/jobs/deploy/pools/pool-store.ts';
import { makeCertificates } from '../support/certificates.ts';
import { startEtcd } from '../support/etcd.ts';
import { requires } from '../support/requirements.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const service = { dc: 'dc1', cluster: 'web', service: 'apache', floor: 0.5, pybal: [] };

describe('pools in an etcd with TLS and logins', { skip: requires('etcd', 'openssl') }, () => {
  it('are read and written with them, and refused without', async () => {
    await using folder = await temporaryFolder();
    const { ca, cert, key } = await makeCertificates(folder.path);
    await using etcd = await startEtcd({ tls: { ca, cert, key, wantsClient: false } });
    await etcd.ctl('user', 'add', 'root:root-pass');
    await etcd.ctl('user', 'grant-role', 'root', 'root');
    await etcd.ctl('role', 'add', 'pools');
    await etcd.ctl('role', 'grant-permission', 'pools', '--prefix=true', 'readwrite', '/pools/');
    await etcd.ctl('user', 'add', 'rota:rota-pass');
    await etcd.ctl('user', 'grant-role', 'rota', 'pools');
    await etcd.ctl('put', '/pools/dc1/web/apache/h1', '{"pooled": "yes", "weight": 10}');
    await etcd.ctl('auth', 'enable');
    const settings = {
      endpoints: etcd.endpoints,
      prefix: '/pools',
      user: { name: 'rota', password: new Secret('rota-pass') },
      ca,
      cert: null,
      key: null,
    };
    const open = (more: object) => new EtcdV3Pools({ ...settings, ...more } as PoolSettings, systemClock);

    await using pools = open({});
    const entry = (await pools.list(service)).get('h1');
    assert.ok(entry !== undefined);
    assert.deepEqual(entry.value, { pooled: 'yes', weight: 10 });
    const revision = await pools.swap(entry, withPooled(entry, 'no'));
    assert.notEqual(revision, null);
    assert.equal((await pools.list(service)).get('h1')?.value.pooled, 'no');
    assert.equal(await pools.swap(entry, withPooled(entry, 'inactive')), null, 'somebody wrote meanwhile');

    for (const [less, told] of [
      [{ user: null }, /pools/],
      [{ user: { name: 'rota', password: new Secret('wrong-pass') } }, /pools/],
      [{ ca: null }, /certificate/],
    ] as const) {
      await using other = open(less);
      await assert.rejects(other.list(service), (error) => {
        assert.ok(isRotaError(error, 'POOLS_UNAVAILABLE'), String(error));
        assert.match(error.message, told);
        assert.doesNotMatch(error.message, /wrong-pass|store\.|run store/);
        return true;
      });
    }
    await using outside = open({ prefix: '/other' });
    await assert.rejects(outside.list(service), (error) => isRotaError(error, 'POOLS_UNAVAILABLE'));
    assert.throws(
      () => open({ ca: join(folder.path, 'gone.pem') }),
      (error) => isRotaError(error, 'POOLS_UNAVAILABLE') && /gone\.pem/.test(error.message),
    );
  });

  it('are read with our own certificate, and refused without', async () => {
    await using folder = await temporaryFolder();
    const { ca, cert, key } = await makeCertificates(folder.path);
    await using etcd = await startEtcd({ tls: { ca, cert, key, wantsClient: true } });
    const settings = { endpoints: etcd.endpoints, prefix: '/pools', user: null, ca } as const;
    await etcd.ctl('put', '/pools/dc1/web/apache/h1', '{"pooled": "no", "weight": 1}');
    await using pools = new EtcdV3Pools({ ...settings, cert, key } as PoolSettings, systemClock);
    assert.equal((await pools.list(service)).get('h1')?.value.pooled, 'no');
    await using without = new EtcdV3Pools(
      { ...settings, cert: null, key: null } as PoolSettings,
      systemClock,
    );
    await assert.rejects(without.list(service), (error) => isRotaError(error, 'POOLS_UNAVAILABLE'));
    await etcd.ctl('user', 'add', 'root:root-pass');
    await etcd.ctl('user', 'grant-role', 'root', 'root');
    await etcd.ctl('auth', 'enable');
    // The common name of a certificate is a user's name; what etcd has against it is told in etcd's words.
    await assert.rejects(pools.list(service), (error) => /permission denied/.test(String(error)));
    await etcd.ctl('--user=root:root-pass', 'user', 'add', '--no-password', 'rota');
    await etcd.ctl('--user=root:root-pass', 'user', 'grant-role', 'rota', 'root');
    assert.equal((await pools.list(service)).get('h1')?.value.pooled, 'no');
  });
});
