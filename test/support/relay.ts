import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';

export interface Relay extends AsyncDisposable {
  readonly port: number;
  /** From now on nothing passes and nothing is said, as when a cable is pulled; `mend` lets it pass again. */
  cut(): void;
  mend(): void;
}

/** A way to a port on this machine that can be cut. */
export async function startRelay(target: number, host = '127.0.0.1'): Promise<Relay> {
  const sockets = new Set<Socket>();
  let isCut = false;
  const server = createServer((from) => {
    const to = connect(target, '127.0.0.1');
    for (const [a, b] of [
      [from, to],
      [to, from],
    ] as const) {
      sockets.add(a);
      a.on('data', (data) => void (isCut || b.write(data)));
      a.on('error', () => {});
      a.on('close', () => {
        sockets.delete(a);
        // What was cut off does not learn that the other side has gone.
        if (!isCut) b.destroy();
      });
    }
  });
  server.listen(0, host);
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('No port could be had.');
  return {
    port: address.port,
    cut: () => {
      isCut = true;
    },
    mend: () => {
      isCut = false;
      // As after a while in which nothing passed: old connections are dead.
      for (const socket of sockets) socket.destroy();
    },
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
