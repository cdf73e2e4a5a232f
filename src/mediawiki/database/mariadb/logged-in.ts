import type { Duplex } from 'node:stream';
import type { SocketFeed } from './socket-feed.ts';

/** A connection whose login is done, whoever did it. */
export interface LoggedIn {
  readonly stream: Duplex;
  /** Null where bytes can only be had from the stream's data events (TLS). */
  readonly feed: SocketFeed | null;
  /** Ends the stream when what was written is sent. */
  leave(): void;
}
