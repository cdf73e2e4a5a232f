import { connect, type Socket } from 'node:net';
import type { MariadbAddress } from '../database-address.ts';

/**
 * Hands received bytes to whoever reads at the time, straight in the reader's own buffer. Until someone is
 * attached, they are the stream's data events.
 */
export class SocketFeed {
  /** Gives the next buffer to read into, and takes note of what was read. */
  reader: { space(): Buffer; received(bytes: Buffer): void } | null = null;
  readonly #idle = Buffer.allocUnsafeSlow(64 * 1024);

  next(): Buffer {
    return this.reader?.space() ?? this.#idle;
  }
}

export function openSocket(address: MariadbAddress, feed: SocketFeed): Socket {
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
