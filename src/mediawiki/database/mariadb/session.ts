import type { BufferLease } from '../answer-buffers.ts';
import type { ResultRows } from '../database-connection.ts';

export interface SessionQuery {
  readonly signal?: AbortSignal | undefined;
  readonly ownBuffer?: boolean;
  readonly buffers?: BufferLease | undefined;
  readonly expectedBytes?: number;
}

/** One connection to the server. It is never made again: whoever uses it opens another. */
export interface Session {
  /** Runs one statement; rejects with the server's or the driver's own error. One at a time. */
  run(sql: string, options: SessionQuery): Promise<ResultRows>;
  close(): Promise<void>;
}
