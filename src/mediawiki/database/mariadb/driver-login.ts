import type { Duplex } from 'node:stream';
import { checkServerIdentity, TLSSocket } from 'node:tls';
import type { Connection, ConnectionOptions } from 'mysql2';
import type { MariadbAddress } from '../database-address.ts';
import type { LoggedIn } from './logged-in.ts';
import { openSocket, SocketFeed } from './socket-feed.ts';

export interface LoggedInByDriver extends LoggedIn {
  readonly connection: Connection;
}

/** Connects and logs in by mysql2: over TLS, and in all the ways that servers ask for. Rejects with the driver's error. */
export async function logInByDriver(
  address: MariadbAddress,
  options: { connectTimeoutMs: number },
): Promise<LoggedInByDriver> {
  // Loaded only here: it is a tenth of all that a command loads. A package of the older kind has but a default in a bundle.
  const { default: mysql } = await import('mysql2');
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
  return await new Promise((resolve, reject) => {
    const connection = mysql.createConnection(settings);
    connection.once('error', (error: Error) => {
      connection.destroy();
      reject(error);
    });
    connection.once('connect', () => {
      connection.removeAllListeners('error');
      // Losses are noticed on the stream; without a listener this would end the process.
      connection.on('error', () => {});
      const { stream } = connection as unknown as { stream: Duplex };
      const fault = address.tls?.verify === true ? identityFault(stream, address.host) : undefined;
      if (fault !== undefined) {
        connection.destroy();
        reject(fault);
        return;
      }
      // mysql2 ends the stream and stays silent about it.
      resolve({ connection, stream, feed, leave: () => connection.destroy() });
    });
  });
}

/** mysql2 compares the certificate of a server that is named by its IP address with "localhost". */
function identityFault(stream: Duplex, host = 'localhost'): Error | undefined {
  if (!(stream instanceof TLSSocket)) return new Error('the TLS of the connection cannot be looked at');
  return checkServerIdentity(host, stream.getPeerCertificate());
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
