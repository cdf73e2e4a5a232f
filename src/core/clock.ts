/**
 * Time comes in as a parameter everywhere, so that schedules, leases and catch-up can be tested on a clock that is
 * moved by hand.
 */
export interface Clock {
  /** The time of day; it may jump. */
  now(): Date;
  /** Milliseconds since an arbitrary start in this boot of the machine; it never goes back. The same in all processes. */
  monotonicMs(): number;
  /** Resolves after the given time, or rejects with the signal's reason. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/** A timer of Node's that is to last longer rings at once. */
const longestTimerMs = 2 ** 31 - 1;

export const systemClock: Clock = {
  now: () => new Date(),
  // hrtime is CLOCK_MONOTONIC: one origin for all processes of a boot (performance.now() starts with the process).
  monotonicMs: () => Number(process.hrtime.bigint() / 1_000_000n),
  sleep: async (ms, signal) => {
    let leftMs = ms;
    for (; leftMs > longestTimerMs; leftMs -= longestTimerMs) await oneTimer(longestTimerMs, signal);
    await oneTimer(leftMs, signal);
  },
};

function oneTimer(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) {
      reject(signal.reason);
      return;
    }
    const onAbort = () => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', onAbort);
      resolve();
    }, ms);
    signal?.addEventListener('abort', onAbort, { once: true });
  });
}
