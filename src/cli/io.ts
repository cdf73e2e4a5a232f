import type { Writable } from 'node:stream';

/** What a command line program has of its surroundings; tests give their own. */
export interface Io {
  readonly stdout: OutputStream;
  readonly stderr: OutputStream;
  /** For commands that read a file named `-`. */
  readonly stdin?: AsyncIterable<Buffer>;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
}

export interface OutputStream extends Writable {
  readonly isTTY?: boolean;
  /** Width of the terminal in characters. */
  readonly columns?: number;
}

/** Colours are for terminals, and only where nobody said no (NO_COLOR, TERM=dumb, --no-color). */
export function wantsColor(stream: OutputStream, env: Io['env'], asked: boolean): boolean {
  return asked && stream.isTTY === true && !env.NO_COLOR && env.TERM !== 'dumb';
}
