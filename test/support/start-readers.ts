import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setPriority } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { ReadersReport } from './web-readers.ts';

export interface Readers {
  /** Ends them. */
  report(): Promise<ReadersReport>;
}

/** Starts readers of the pages at an address, and waits until each of them has had an answer. */
export async function startReaders(
  address: string,
  p: {
    readonly clients: number;
    readonly streams: number;
    readonly everyMs: number;
    /** They stand for other machines: what they take of this one they take last. */
    readonly last?: boolean;
  },
): Promise<Readers> {
  const script = join(import.meta.dirname, 'web-readers.ts');
  const args = [script, address, String(p.clients), String(p.streams), String(p.everyMs)];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  if (p.last === true && child.pid !== undefined) setPriority(child.pid, 19);
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const first = await lines.next();
  if (first.value !== 'ready') throw new Error(`the readers ended: ${first.value}`);
  return {
    report: async () => {
      const exited = once(child, 'exit');
      child.kill('SIGTERM');
      const { value } = await lines.next();
      await exited;
      return JSON.parse(value ?? '') as ReadersReport;
    },
  };
}
