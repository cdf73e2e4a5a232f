import type { ThreadSetup } from '../../../dumping/threads/messages.ts';
import { PiecePool } from '../../../dumping/threads/piece-pool.ts';

/** The rendering threads of the run that this process works on, started when the first piece needs them. */
export class ContentThreads implements AsyncDisposable {
  #current: { readonly run: string; readonly pool: Promise<PiecePool> } | null = null;

  /** @param run whose set-up it is: threads of another run, or broken ones, are ended first */
  async pool(run: string, setup: () => Promise<ThreadSetup>, threads: number): Promise<PiecePool> {
    const current = this.#current;
    if (current?.run === run) {
      const pool = await current.pool;
      if (!pool.isBroken) return pool;
      // Somebody else may have replaced it meanwhile.
      if (this.#current !== current) return await this.pool(run, setup, threads);
    }
    // No await before this assignment: several pieces ask at the same time and must get one pool.
    const pool = endPool(current?.pool).then(async () => new PiecePool(await setup(), threads));
    const next = { run, pool };
    this.#current = next;
    // Whoever asked hears of a failure; the next asks anew.
    pool.catch(() => {
      if (this.#current === next) this.#current = null;
    });
    return await pool;
  }

  async close(): Promise<void> {
    const { pool } = this.#current ?? {};
    this.#current = null;
    await endPool(pool);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}

async function endPool(pool: Promise<PiecePool> | undefined): Promise<void> {
  const open = await pool?.catch(() => null);
  await open?.[Symbol.asyncDispose]();
}
