import type { Duplex } from 'node:stream';
import type { MariadbAddress } from '../database-address.ts';
import { logInByDriver } from './driver-login.ts';
import { logInOurselves } from './own-login.ts';
import type { SocketFeed } from './socket-feed.ts';

export interface LoggedIn {
  readonly stream: Duplex;
  /** Null where bytes can only be had from the stream's data events (TLS). */
  readonly feed: SocketFeed | null;
  /** Ends the stream when what was written is sent. */
  leave(): void;
}

/** Connects and logs in: without the driver where that goes (ADR 80), else by it. Rejects with the error of who tried. */
export async function logIn(
  address: MariadbAddress,
  options: { connectTimeoutMs: number },
): Promise<LoggedIn> {
  const ours = address.tls === undefined ? await logInOurselves(address, options) : null;
  return ours ?? (await logInByDriver(address, options));
}
