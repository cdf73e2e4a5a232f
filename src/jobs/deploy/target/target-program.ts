import { shellWord } from './quote.ts';

/** A file that a program reads as `$IN/<name>`. Small: it travels over the session itself. */
export interface ProgramInput {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/**
 * What is done on a target: a value, made on the deploy host by a pure function and run by a POSIX shell on the target.
 * Values travel only as positional parameters or inputs, never inside the script.
 */
export interface TargetProgram {
  readonly name: string;
  /** POSIX sh; begins with `set -eu`, the current folder is `/`. */
  readonly script: string;
  /** `$1`, `$2` … */
  readonly args: readonly string[];
  readonly inputs?: readonly ProgramInput[];
  readonly deadlineMs: number;
  /** What it brings to the host, and from which host (null: from here). */
  readonly brings?: { readonly bytes: number; readonly from: string | null };
  /** Whether it changes anything on the target. */
  readonly mutates: boolean;
  /** It prints few lines of text, starts nothing of the site, and what it leaves behind has a session of its own. */
  readonly plain?: true;
}

/** What a program left when it ended by itself. */
export interface ProgramResult {
  readonly status: number;
  readonly stdout: Buffer;
  readonly stderr: string;
}

/** The text that the target's shell runs. */
export function programText(program: TargetProgram): string {
  return `set -- ${program.args.map(shellWord).join(' ')}\nset -eu\n${program.script}`;
}
