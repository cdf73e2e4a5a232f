import { open } from 'node:fs/promises';
import type { OpenFarm } from '../../composition.ts';
import type { RunView } from '../../control/store/run-view.ts';
import { runLogFile } from './run-log.ts';

/** At one look no more of a log is read: what a chatty run told meanwhile is read at the next ones. */
const portionBytes = 256 * 1024;

/** Reads what a run's log grew by since the last look. */
export class LogReader {
  readonly #farm: Pick<OpenFarm, 'workspaceOf'>;
  #file = '';
  /** Where the next line begins; undefined before the first look. */
  #offset: number | undefined;

  constructor(farm: Pick<OpenFarm, 'workspaceOf'>) {
    this.#farm = farm;
  }

  /** Whole lines that were added; none at the first look, nor where there is no log (yet, any more, or on this host). */
  async newLines(run: RunView): Promise<readonly string[]> {
    const file = runLogFile(this.#farm, run);
    // Another epoch has a log of its own, which is new as a whole.
    if (file !== this.#file && this.#file !== '') this.#offset = 0;
    this.#file = file;
    try {
      await using handle = await open(file, 'r');
      const { size } = await handle.stat();
      if (this.#offset === undefined) {
        this.#offset = size;
        return [];
      }
      const buffer = Buffer.alloc(Math.min(portionBytes, Math.max(0, size - this.#offset)));
      const { bytesRead } = await handle.read(buffer, 0, buffer.length, this.#offset);
      const end = buffer.lastIndexOf(0x0a, bytesRead - 1);
      if (end < 0) return [];
      this.#offset += end + 1;
      return buffer.toString('utf8', 0, end).split('\n');
    } catch {
      this.#offset ??= 0;
      return [];
    }
  }
}
