import { setTimeout as sleep } from 'node:timers/promises';
import type { RunId } from '../../../core/ids.ts';
import type { ChangeNotice } from '../change-notice.ts';
import { runLeaseKey } from '../lease.ts';
import { methods } from './client/methods.ts';
import { endOfPrefix, type WireWatch } from './client/wire.ts';
import type { Connection } from './connection.ts';
import { keys } from './keys.ts';

/** How often a silent member is asked whether it lives and has a quorum; in real time, for that is what goes by. */
const pulseEveryMs = 5_000;
const pauseMs = 300;

/**
 * Notices by etcd's own watch. No revision is kept: whenever the stream begins (a member was lost, the watch was so far
 * behind that what it had to tell was compacted away), the notice is `opened` and everything is to be read. So there is
 * nothing that a compaction could take away.
 */
export async function* watchStore(
  db: Connection,
  p: { readonly run?: RunId; readonly signal: AbortSignal },
): AsyncGenerator<ChangeNotice, void, undefined> {
  const bell = new Bell();
  const closed = new AbortController();
  const signal = AbortSignal.any([p.signal, closed.signal]);
  signal.addEventListener('abort', () => bell.stop(), { once: true });
  if (signal.aborted) return;
  listen(db, p.run, signal, bell).catch((error) => bell.fail(error));
  try {
    for (;;) {
      const notice = await bell.next();
      if (notice === undefined) return;
      yield notice;
    }
  } finally {
    closed.abort();
  }
}

/** Until the signal; rejects when no member can be reached for as long as any call would try. */
async function listen(
  db: Connection,
  run: RunId | undefined,
  signal: AbortSignal,
  bell: Bell,
): Promise<void> {
  while (!signal.aborted) {
    // An ordinary call first: it finds a member that answers and has a quorum, and logs in anew if need be.
    await db.read([{ key: keys.generation }]);
    if (signal.aborted) return;
    const member = db.transport.preferred;
    const broken = new AbortController();
    void watchPulse(db, member, AbortSignal.any([signal, broken.signal])).then(() => broken.abort());
    try {
      await listenTo(db, run, AbortSignal.any([signal, broken.signal]), bell);
    } catch {
      // Whatever ended the stream, the call above says whether it passes.
    } finally {
      broken.abort();
    }
    db.transport.turnAway(member);
    await pause(pauseMs, signal);
  }
}

async function listenTo(
  db: Connection,
  run: RunId | undefined,
  signal: AbortSignal,
  bell: Bell,
): Promise<void> {
  const watches = run === undefined ? [everything(db)] : ofRun(db, run);
  let created = 0;
  for await (const told of db.transport.stream(methods.watch, watches, signal)) {
    if (told.canceled) return;
    if (told.created && ++created === watches.length) bell.ring({ kind: 'opened' });
    if (told.events.some((event) => !isMark(db, event.key))) bell.ring({ kind: 'changed' });
  }
}

function everything(db: Connection): WireWatch {
  return { key: db.wireKey(''), range_end: endOfPrefix(db.prefix) };
}

/** Its record, its stages, and its lease, which ends without anybody writing. */
function ofRun(db: Connection, run: RunId): readonly WireWatch[] {
  const stages = keys.stagesOf(run);
  return [
    { key: db.wireKey(keys.run(run)) },
    { key: db.wireKey(keys.lease(runLeaseKey(run))) },
    { key: db.wireKey(stages), range_end: endOfPrefix(db.prefix + stages) },
  ];
}

/** Marks of commits come and go beside what they mark. */
function isMark(db: Connection, key: string): boolean {
  return key.startsWith(`${db.prefix}${keys.commits}`);
}

/** Resolves when the member no longer answers as one with a quorum does, or at the signal. */
async function watchPulse(db: Connection, member: string, signal: AbortSignal): Promise<void> {
  for (;;) {
    await pause(pulseEveryMs, signal);
    if (signal.aborted) return;
    try {
      await db.transport.callAt(member, methods.range, {
        key: db.wireKey(keys.generation),
        keys_only: true,
      });
    } catch {
      return;
    }
  }
}

/** Rings that nobody heard yet are one; `opened` outweighs. */
class Bell {
  #rung: ChangeNotice | undefined;
  #end: { readonly error?: unknown } | undefined;
  #wake: () => void = () => {};

  ring(notice: ChangeNotice): void {
    this.#rung = this.#rung?.kind === 'opened' ? this.#rung : notice;
    this.#wake();
  }

  stop(): void {
    this.#end ??= {};
    this.#wake();
  }

  fail(error: unknown): void {
    this.#end ??= { error };
    this.#wake();
  }

  /** Undefined when it is stopped. */
  async next(): Promise<ChangeNotice | undefined> {
    for (;;) {
      if (this.#end !== undefined && 'error' in this.#end) throw this.#end.error;
      if (this.#end !== undefined) return undefined;
      const rung = this.#rung;
      this.#rung = undefined;
      if (rung !== undefined) return rung;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }
}

/** Ends early at the signal. */
async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal }).catch(() => {});
}
