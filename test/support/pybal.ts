import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface FakePybal extends AsyncDisposable {
  readonly url: string;
  /** The fewest hosts that were in the pool at once, as far as anybody asked. */
  fewest(): number;
  /** Answers so from now on; null: as it is. */
  answer(status: number | null): void;
}

/** A load balancer's state page that says of hosts what `enabled` says, as JSON or text as asked for. */
export async function startPybal(enabled: () => Promise<ReadonlyMap<string, boolean>>): Promise<FakePybal> {
  let fewest = Number.POSITIVE_INFINITY;
  let status: number | null = null;
  const server = createServer(async (request, response) => {
    const host = decodeURIComponent((request.url ?? '').split('/').at(-1) ?? '');
    const states = await enabled().catch(() => null);
    if (status !== null || states === null) {
      response.writeHead(status ?? 503).end();
      return;
    }
    fewest = Math.min(fewest, [...states.values()].filter(Boolean).length);
    const is = states.get(host);
    if (is === undefined) response.writeHead(404).end();
    else if (host.endsWith('1')) response.end(is ? 'enabled/up/pooled' : 'disabled/up/not pooled');
    else response.end(JSON.stringify({ enabled: is, up: true, pooled: is, weight: 10 }));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    fewest: () => fewest,
    answer: (given) => {
      status = given;
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
    },
  };
}
