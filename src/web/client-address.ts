import type { HttpBindings } from '@hono/node-server';
import type { Context } from 'hono';

/** The address of the other end of the connection: a proxy's own word is not taken, for anybody could say it. */
export function clientAddress(c: Context): string {
  const { incoming } = c.env as HttpBindings;
  return incoming.socket.remoteAddress ?? 'unknown';
}
