import { once } from 'node:events';
import {
  type ClientHttp2Session,
  connect,
  createServer,
  type IncomingHttpHeaders,
  type ServerHttp2Stream,
} from 'node:http2';

export interface GrpcRelay extends AsyncDisposable {
  readonly endpoint: string;
  /** How many calls the action makes. */
  callsOf(action: () => Promise<unknown>): Promise<number>;
  /** Writes a message of our own into every answer to the method that goes on now. */
  interject(method: string, message: Buffer): void;
}

/** Passes gRPC calls on to an endpoint of etcd. */
export async function startGrpcRelay(target: string): Promise<GrpcRelay> {
  let calls = 0;
  const going = new Map<ServerHttp2Stream, string>();
  const sessions = new Set<ClientHttp2Session>();
  const server = createServer();
  server.on('session', (incoming) => {
    const outgoing = connect(target);
    sessions.add(outgoing);
    outgoing.on('error', () => incoming.destroy());
    outgoing.on('close', () => sessions.delete(outgoing));
    incoming.on('close', () => outgoing.destroy());
    incoming.on('stream', (stream, headers) => {
      calls++;
      going.set(stream, String(headers[':path']));
      stream.on('close', () => going.delete(stream));
      pass(stream, headers, outgoing);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('No port could be had.');
  return {
    endpoint: `http://127.0.0.1:${address.port}`,
    callsOf: async (action) => {
      const before = calls;
      await action();
      return calls - before;
    },
    interject: (method, message) => {
      const head = Buffer.alloc(5);
      head.writeUInt32BE(message.length, 1);
      for (const [stream, path] of going)
        if (path.endsWith(method)) stream.write(Buffer.concat([head, message]));
    },
    [Symbol.asyncDispose]: async () => {
      for (const session of sessions) session.destroy();
      server.close();
    },
  };
}

function pass(from: ServerHttp2Stream, headers: IncomingHttpHeaders, session: ClientHttp2Session): void {
  const { ':authority': _authority, ':scheme': _scheme, ...sent } = headers;
  const to = session.request(sent);
  let trailers: IncomingHttpHeaders = {};
  to.on('response', (answer) => from.respond(answer, { waitForTrailers: true }));
  to.on('trailers', (sent) => {
    trailers = sent;
  });
  from.on('wantTrailers', () => from.sendTrailers(trailers));
  to.on('error', () => from.destroy());
  from.on('error', () => to.destroy());
  from.on('close', () => to.destroy());
  from.pipe(to);
  to.pipe(from);
}
