import type { TargetHost } from '../../../config/environment-config.ts';
import type { RsyncRemote } from './rsync-program.ts';

/** A shell on a host that evaluates the first line of its input (`startCommand`); the rest is its script's. */
export interface Channel extends Disposable {
  readonly stdin: NodeJS.WritableStream;
  readonly stdout: NodeJS.ReadableStream;
  /** The end of what it wrote to standard error so far. */
  complaint(): string;
  /** When the local end has ended. */
  readonly exited: Promise<{ readonly code: number | null; readonly signal: NodeJS.Signals | null }>;
}

/** How hosts are reached. */
export interface Transport {
  open(host: TargetHost): Channel;
  /** How rsync reaches the host the same way. */
  rsyncRemote(host: TargetHost): RsyncRemote;
  /** Ends connections that are kept open for the next command, if any. */
  disconnect(host: TargetHost): Promise<void>;
}
