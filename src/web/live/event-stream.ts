import type { Context } from 'hono';
import { streamSSE } from 'hono/streaming';
import type { WebEnv } from '../web-env.ts';
import type { LiveStore } from './live-store.ts';

/** A proxy closes what is silent for long. */
const silenceMs = 15_000;

/**
 * Server-sent events: `changed` with a version whenever something may have changed. A page then asks for its own new
 * state, which is computed once for all who look at it. A client that does not read is cut off: what waits for it is one
 * event, not all.
 */
export function changeEvents(c: Context<WebEnv>, live: LiveStore, ended: AbortSignal): Response {
  c.header('X-Accel-Buffering', 'no');
  return streamSSE(c, async (stream) => {
    const gone = new AbortController();
    stream.onAbort(() => gone.abort());
    const signal = AbortSignal.any([gone.signal, ended]);
    let seen = live.version;
    await stream.writeSSE({ event: 'opened', data: String(seen), retry: 2_000 });
    while (!signal.aborted) {
      const version = await live.next(seen, AbortSignal.any([signal, AbortSignal.timeout(silenceMs)]));
      if (signal.aborted) return;
      if (version === seen) await stream.writeSSE({ event: 'quiet', data: String(seen) });
      else await stream.writeSSE({ event: 'changed', data: String(version) });
      seen = version;
    }
  });
}
