import type { EventEmitter } from 'node:events';
import type { Clock } from '../core/clock.ts';
import { RotaError } from '../core/errors/rota-error.ts';
import { exitStatus } from '../core/exit-status.ts';

/** The part of `process` that this needs. */
export interface SignalSource extends Pick<EventEmitter, 'on'> {
  readonly stderr: { readonly isTTY?: boolean; write(text: string): unknown };
  exit(status: number): unknown;
}

/**
 * npm and our own launcher pass on a Ctrl-C that reached us already, being in the same foreground group: what comes
 * so soon is the same key press.
 */
const samePressMs = 300;

/** The first Ctrl-C (or SIGTERM, SIGHUP) asks to stop cleanly, the second ends the process at once. */
export function listenForSignals(options: {
  readonly process: SignalSource;
  readonly stop: AbortController;
  readonly clock: Pick<Clock, 'monotonicMs'>;
}): void {
  const { process, stop, clock } = options;
  let askedAtMs: number | null = null;
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.on(name, () => {
      const nowMs = clock.monotonicMs();
      if (askedAtMs === null) {
        askedAtMs = nowMs;
        if (name === 'SIGINT' && process.stderr.isTTY === true) {
          process.stderr.write('\nstopping cleanly … (Ctrl-C again to stop at once)\n');
        }
        const message = `stopped by ${name}; run it again to go on`;
        stop.abort(new RotaError('INTERRUPTED', message, { facts: { signal: name } }));
      } else if (nowMs - askedAtMs >= samePressMs) {
        process.exit(exitStatus.interrupted);
      }
    });
  }
}
