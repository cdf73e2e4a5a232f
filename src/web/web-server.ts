import type { Server } from 'node:http';
import { type AddressInfo, isIP } from 'node:net';
import { join } from 'node:path';
import { serve } from '@hono/node-server';
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response';
import type { Clock } from '../core/clock.ts';
import { RotaError } from '../core/errors/rota-error.ts';
import type { Log } from '../core/log.ts';
import { AccessTokens } from '../operations/access/tokens.ts';
import { systemCode } from '../publish/files/file-failure.ts';
import { webApp } from './app.ts';
import { FarmReader } from './data/farm-reader.ts';
import type { Face } from './face.ts';
import { LiveStore } from './live/live-store.ts';
import { type MakePreview, Previews } from './scopes/previews.ts';
import { Attempts } from './security/attempts.ts';
import { AuditLog } from './security/audit-log.ts';
import { Sessions } from './security/sessions.ts';
import type { WebFarm } from './web-farm.ts';

export interface WebServerOptions {
  readonly farm: WebFarm;
  readonly face: Face;
  readonly listen: { readonly host: string; readonly port: number };
  /** Names beside those of the loopback under which the operators' face may be asked. */
  readonly hosts: readonly string[];
  readonly clock: Clock;
  readonly log: Log;
  readonly version: string;
  readonly makePreview: MakePreview;
}

export interface WebServer extends AsyncDisposable {
  /** `http://127.0.0.1:8080`, with the port that it got. */
  readonly address: string;
  /** The operators' face wants a token also for reading. */
  readonly isGuarded: boolean;
}

/** Enough for five hundred readers with a few connections each; more are refused before they cost memory. */
const mostConnections = 4_000;

/**
 * Opens the web interface. It reads the same store and trees as everything else, so any number may run.
 *
 * @throws RotaError WEB_ADDRESS_TAKEN; WEB_OPEN_TO_ALL where others could reach the operators' face and nobody has a token
 */
export async function startWebServer(o: WebServerOptions): Promise<WebServer> {
  const { farm, face, clock, log } = o;
  const tokens = new AccessTokens({ store: farm.store, clock, holder: farm.holder });
  const isGuarded = face === 'operators' && !isLoopback(o.listen.host);
  if (isGuarded && (await tokens.list()).length === 0) {
    throw new RotaError(
      'WEB_OPEN_TO_ALL',
      `${o.listen.host} is reached from other machines, and nobody has a token: make one with rota token add NAME, or serve the public face (--public)`,
    );
  }
  const ended = new AbortController();
  const live = new LiveStore(farm.store);
  const webFolder = join(farm.trees.private.workRoot, 'web');
  const previews = new Previews(join(webFolder, 'previews'), o.makePreview, ended.signal);
  const app = webApp({
    face,
    farm,
    live,
    previews,
    tokens,
    clock,
    log,
    isGuarded,
    reader: new FarmReader(farm, live),
    sessions: new Sessions(clock),
    attempts: new Attempts(clock, { count: 5, withinMs: 60_000 }),
    actions: new Attempts(clock, { count: 30, withinMs: 60_000 }),
    audit: new AuditLog(join(webFolder, 'audit.jsonl'), clock),
    version: o.version,
    signal: ended.signal,
    hosts:
      face === 'public' ? null : ['localhost', '127.0.0.1', '[::1]', bracketed(o.listen.host), ...o.hosts],
  });
  const server = serve({
    fetch: async (request, env) => unlessSent(await app.fetch(request, env)),
    hostname: o.listen.host,
    port: o.listen.port,
    // A client that sends its request byte by byte is not waited for.
    serverOptions: {
      headersTimeout: 10_000,
      connectionsCheckingInterval: 2_000,
      requestTimeout: 20_000,
      keepAliveTimeout: 10_000,
      maxHeaderSize: 16_384,
    },
  }) as Server;
  server.maxConnections = mostConnections;
  server.maxRequestsPerSocket = 1_000;
  try {
    await listening(server);
  } catch (error) {
    ended.abort();
    await live[Symbol.asyncDispose]();
    const why = systemCode(error) ?? String(error);
    throw new RotaError(
      'WEB_ADDRESS_TAKEN',
      `The web interface cannot listen at ${o.listen.host}:${o.listen.port} (${why}): give another address with --listen`,
      { cause: error },
    );
  }
  const { address, port } = server.address() as AddressInfo;
  return {
    address: `http://${bracketed(address)}:${port}`,
    isGuarded,
    async [Symbol.asyncDispose]() {
      ended.abort();
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
      await previews[Symbol.asyncDispose]();
      await live[Symbol.asyncDispose]();
    },
  };
}

/**
 * Of an answer that a route has sent itself hono makes a new one, with the headers that were set on the way, and
 * @hono/node-server takes that for one to be sent: it writes a second head, fails, and prints so on standard error.
 */
function unlessSent(response: Response): Response {
  return response.headers.has('x-hono-already-sent') ? RESPONSE_ALREADY_SENT.clone() : response;
}

export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127\.\d+\.\d+\.\d+$/.test(host);
}

function bracketed(host: string): string {
  return isIP(host) === 6 ? `[${host}]` : host;
}

function listening(server: Server): Promise<void> {
  return new Promise((resolve, reject) => {
    if (server.listening) {
      resolve();
      return;
    }
    server.once('listening', resolve);
    server.once('error', reject);
  });
}
