/** The process groups that a stage has started: killed as a whole when it must stop, so that nothing writes on. */
export class ProcessGroups {
  readonly #groups = new Set<number>();

  /** The signal kills them all when it aborts; a group that is added later is killed at once. */
  own(pgid: number, signal: AbortSignal): Disposable {
    this.#groups.add(pgid);
    if (signal.aborted) killGroup(pgid);
    const onAbort = () => killGroup(pgid);
    signal.addEventListener('abort', onAbort, { once: true });
    return {
      [Symbol.dispose]: () => {
        signal.removeEventListener('abort', onAbort);
        this.#groups.delete(pgid);
      },
    };
  }

  killAll(): void {
    for (const pgid of this.#groups) killGroup(pgid);
    this.#groups.clear();
  }
}

/** Ends a process group; one that has ended already is no error. */
export function killGroup(pgid: number, signal: NodeJS.Signals = 'SIGKILL'): void {
  // 0 would be our own group, 1 the whole machine's.
  if (!Number.isInteger(pgid) || pgid <= 1) throw new RangeError(`${pgid} is no process group of ours`);
  try {
    process.kill(-pgid, signal);
  } catch (error) {
    if (!(error instanceof Error) || !('code' in error) || error.code !== 'ESRCH') throw error;
  }
}
