import type { RunningEtcd } from '../support/etcd.ts';
import { type FakePybal, startPybal } from '../support/pybal.ts';

export const folderOfPool = '/conftool/v1/pools/eqiad/appserver/apache2/';
/** As conftool writes it, to the blank. */
export const poolValue = (pooled: string) => `{"weight": 10, "pooled": "${pooled}"}`;

/** The pool as etcd has it. */
export interface Pool {
  put(host: string, value: string): Promise<void>;
  all(): Promise<ReadonlyMap<string, string>>;
}

export function poolV3(etcd: RunningEtcd): Pool {
  return {
    put: async (host, value) => void (await etcd.ctl('put', '--', `${folderOfPool}${host}`, value)),
    all: async () => {
      const [endpoint] = etcd.endpoints;
      const encode = (text: string) => Buffer.from(text).toString('base64');
      const body = { key: encode(folderOfPool), range_end: encode(`${folderOfPool.slice(0, -1)}0`) };
      const response = await fetch(`${endpoint}/v3/kv/range`, { method: 'POST', body: JSON.stringify(body) });
      const { kvs = [] } = (await response.json()) as { kvs?: { key: string; value: string }[] };
      const decode = (text: string) => Buffer.from(text, 'base64').toString();
      return new Map(kvs.map((kv) => [decode(kv.key).slice(folderOfPool.length), decode(kv.value)]));
    },
  };
}

export function poolV2(etcd: RunningEtcd): Pool {
  const url = `${etcd.endpoints[0]}/v2/keys${folderOfPool}`;
  return {
    put: async (host, value) => {
      await fetch(`${url}${host}`, { method: 'PUT', body: new URLSearchParams({ value }) });
    },
    all: async () => {
      const answer = (await (await fetch(url)).json()) as {
        node: { nodes: { key: string; value: string }[] };
      };
      return new Map(answer.node.nodes.map(({ key, value }) => [key.slice(folderOfPool.length), value]));
    },
  };
}

export const pybalOf = (pool: Pool) =>
  startPybal(async () => {
    const entries = [...(await pool.all())].map(([host, value]) => [host, JSON.parse(value).pooled] as const);
    return new Map(
      entries.filter(([, pooled]) => pooled !== 'inactive').map(([host, pooled]) => [host, pooled === 'yes']),
    );
  });

export function poolSettings(
  etcd: RunningEtcd,
  pybal: FakePybal,
  { floor = '50%', ...more }: Readonly<Record<string, unknown>> = {},
) {
  const service = { dc: 'eqiad', cluster: 'appserver', service: 'apache2', floor };
  const services = [{ ...service, pybal: [{ url: pybal.url, pool: 'apache_80' }] }];
  return { etcd: etcd.endpoints, services, grace: '0s', wait: '60s', ...more };
}
