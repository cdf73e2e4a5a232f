import { setTimeout as pause } from 'node:timers/promises';
import type { ChangeNotice } from '../change-notice.ts';
import type { Connection } from './connection.ts';
import { waitWhileBusy } from './wait-while-busy.ts';

/** A look costs some microseconds: it reads a counter in the file's header. In real time, as the others write. */
const lookEveryMs = 300;

/** SQLite tells nobody of changes, but counts them: a commit of any process changes the version that others see. */
export async function* watchStore(
  db: Connection,
  signal: AbortSignal,
): AsyncGenerator<ChangeNotice, void, undefined> {
  let seen: string | undefined;
  while (!signal.aborted) {
    const version = await waitWhileBusy(db.clock, () => db.changeCount());
    if (version !== seen) {
      const kind = seen === undefined ? 'opened' : 'changed';
      seen = version;
      yield { kind };
      continue;
    }
    await pause(lookEveryMs, undefined, { signal }).catch(() => {});
  }
}
