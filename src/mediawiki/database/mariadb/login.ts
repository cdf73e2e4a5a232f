import { connect, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { type Connection, type ConnectionOptions, createConnection } from 'mysql2';
import type { MariadbAddress } from '../database-address.ts';

/**
 * Hands received bytes to whoever reads at the time, straight in the reader's own buffer. Until someone is
 * attached, they go to mysql2 (which does the greeting, encryption and login).
 */
export class SocketFeed {
  /** Gives the next buffer to read into, and takes note of what was read. */
  reader: { space(): Buffer; received(bytes: Buffer): void } | null = null;
  readonly #idle = Buffer.allocUnsafeSlow(64 * 1024);

  next(): Buffer {
    return this.reader?.space() ?? this.#idle;
  }
}

export interface LoggedIn {
  readonly connection: Connection;
  readonly stream: Duplex;
  /** Null where bytes can only be had from the stream's data events (TLS). */
  readonly feed: SocketFeed | null;
}

/** Connects and logs in by mysql2. Rejects with the driver's error. */
export function logIn(address: MariadbAddress, options: { connectTimeoutMs: number }): Promise<LoggedIn> {
  const feed = address.tls === undefined ? new SocketFeed() : null;
  const settings: ConnectionOptions = {
    user: address.user,
    password: address.password ?? '',
    database: address.database,
    host: address.host ?? 'localhost',
    port: address.port ?? 3306,
    charset: 'BINARY',
    connectTimeout: options.connectTimeoutMs,
    // No file of this machine is ever sent; session tracking and attributes only lengthen answers.
    flags: ['-LOCAL_FILES', '-SESSION_TRACK', '-CLIENT_QUERY_ATTRIBUTES', '-ODBC', '-IGNORE_SPACE'],
    ...(address.socket === undefined ? {} : { socketPath: address.socket }),
    ...(address.tls === undefined ? {} : { ssl: tlsSettings(address.tls) }),
    ...(feed === null ? {} : { stream: () => openSocket(address, feed) }),
  };
  return new Promise((resolve, reject) => {
    const connection = createConnection(settings);
    connection.once('error', (error: Error) => {
      connection.destroy();
      reject(error);
    });
    connection.once('connect', () => {
      connection.removeAllListeners('error');
      // Losses are noticed on the stream; without a listener this would end the process.
      connection.on('error', () => {});
      const { stream } = connection as unknown as { stream: Duplex };
      resolve({ connection, stream, feed });
    });
  });
}

function tlsSettings(tls: NonNullable<MariadbAddress['tls']>) {
  return {
    rejectUnauthorized: tls.verify,
    verifyIdentity: tls.verify,
    ...(tls.ca === undefined ? {} : { ca: tls.ca }),
    ...(tls.cert === undefined ? {} : { cert: tls.cert }),
    ...(tls.key === undefined ? {} : { key: tls.key }),
  };
}

function openSocket(address: MariadbAddress, feed: SocketFeed): Socket {
  const onread = {
    buffer: () => feed.next(),
    callback: (count: number, buffer: Uint8Array) => {
      const bytes = Buffer.from(buffer.buffer, buffer.byteOffset, count);
      if (feed.reader !== null) feed.reader.received(bytes);
      else socket.emit('data', Buffer.from(bytes));
      return true;
    },
  };
  // Both kinds of address take `onread`; the types of Node name it for one of them only.
  const place =
    address.socket === undefined
      ? { host: address.host ?? 'localhost', port: address.port ?? 3306, noDelay: true, keepAlive: true }
      : { path: address.socket };
  const socket = connect({ ...place, onread } as Parameters<typeof connect>[0] & object);
  return socket;
}
