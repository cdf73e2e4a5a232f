import { existsSync } from 'node:fs';
import { mkdir, watch, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { program } from './requirements.ts';

/**
 * A bz2 compressor that waits at a gate: a dump that needs it stays in its content stage until the test opens, however
 * fast or slow the machine is. What asks for {@link env} must require bzip2.
 */
export class CompressorGate {
  readonly #folder: string;

  private constructor(folder: string) {
    this.#folder = folder;
  }

  static async make(folder: string): Promise<CompressorGate> {
    const gate = new CompressorGate(join(folder, 'gate'));
    await mkdir(gate.#folder);
    // Rota passes no environment on to compressors.
    const script = `#!/bin/sh
PATH=/usr/bin:/bin
: > '${gate.#folder}/reached'
until [ -e '${gate.#folder}/open' ]; do sleep 0.05; done
exec '${program('bzip2')}' "$@"
`;
    await writeFile(join(gate.#folder, 'bzip2'), script, { mode: 0o755 });
    return gate;
  }

  /** For the command whose dump is to wait: it has no other program, as an lbzip2 would go before. */
  get env(): Readonly<Record<string, string>> {
    return { PATH: this.#folder };
  }

  /** Resolves when a dump stands at the gate. */
  async reached(): Promise<void> {
    const file = join(this.#folder, 'reached');
    const closed = new AbortController();
    const events = watch(this.#folder, { signal: closed.signal })[Symbol.asyncIterator]();
    let next = events.next();
    while (!existsSync(file)) {
      await next;
      next = events.next();
    }
    next.catch(() => {});
    closed.abort();
  }

  /** For good: from now on it is a compressor like any other. */
  async open(): Promise<void> {
    await writeFile(join(this.#folder, 'open'), '');
  }
}
