import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { closeSync, ftruncateSync, openSync, rmSync, writeSync } from 'node:fs';
import { constants } from 'node:os';
import { join } from 'node:path';
import { killGroup } from '../../control/process-groups.ts';
import { RotaError } from '../../core/errors/rota-error.ts';
import { describeEnd, type Program, type ProgramEnd } from './program.ts';

/**
 * Runs the program once for each line that it reads: its input is a file, and behind its output come a mark and its exit
 * status. POSIX sh; `$1` is the file, `$2` the mark.
 */
const script = `input=$1 mark=$2; shift 2
while read -r next; do "$@" <"$input"; printf '%s %03d' "$mark" "$?"; done`;

const shell = '/bin/sh';
/** A blank and three digits. */
const statusBytes = 4;
/** What stderr may take of memory. */
const keptComplaintBytes = 4096;

interface Job {
  readonly resolve: (output: Buffer) => void;
  readonly reject: (error: unknown) => void;
  readonly output: Buffer[];
  length: number;
}

/**
 * Sends bytes through a filter again and again, one after the other, by a shell that starts the program each time. To
 * start a program from here the kernel must copy the page tables of some hundred megabytes (10 to 80 ms in which all
 * threads wait); a shell of one megabyte has next to none. The program reads a file, which lies in the
 * system's memory only.
 */
export class FilterShell implements Disposable {
  readonly #program: Program;
  readonly #path: string;
  readonly #input: number;
  readonly #mark = randomUUID();
  readonly #child: ChildProcess;
  readonly #signal: AbortSignal;
  readonly #kill = (): void => {
    if (this.#child.pid !== undefined && !this.#isOver) killGroup(this.#child.pid);
  };
  #isOver = false;
  #isDisposed = false;
  #complaint = '';
  #job: Job | null = null;
  #failedStatus: number | null = null;
  #failure: unknown = null;

  /**
   * @param folder private; a file lies in it until the shell is disposed of
   * @param signal kills shell and program
   */
  constructor(program: Program, args: readonly string[], folder: string, signal: AbortSignal) {
    this.#program = program;
    this.#signal = signal;
    this.#path = join(folder, `input-${this.#mark}`);
    this.#input = openSync(this.#path, 'wx', 0o600);
    // A group of its own: the program must be killed with the shell, and not by the terminal's Ctrl-C before we know of it.
    // Nothing of the environment is passed on, because variables like LBZIP2 change what compressors do.
    const words = ['-c', script, 'rota', this.#path, this.#mark, program.path, ...args];
    const child = spawn(shell, words, {
      stdio: ['pipe', 'pipe', 'pipe'],
      env: { LC_ALL: 'C' },
      detached: true,
    });
    this.#child = child;
    child.stdin.on('error', () => undefined);
    child.stdout.on('data', (chunk: Buffer) => this.#take(chunk));
    child.stderr.on('data', (chunk: Buffer) => {
      if (this.#complaint.length < keptComplaintBytes) this.#complaint += chunk.toString('utf8');
    });
    child.once('error', (error) => {
      this.#failure = error;
      this.#end({ exitCode: null, signal: null, complaint: '' });
    });
    child.once('close', (exitCode, endSignal) => {
      this.#end({ exitCode, signal: endSignal, complaint: this.#complaint.trim() });
    });
    if (signal.aborted) this.#kill();
    signal.addEventListener('abort', this.#kill, { once: true });
  }

  /** False when it failed or was killed: then another one is needed. */
  get isUsable(): boolean {
    return !this.#isOver && !this.#isDisposed && this.#failedStatus === null && !this.#signal.aborted;
  }

  /**
   * What the program makes of the bytes, which may be used again at once. One call at a time.
   * @throws RotaError COMPRESSOR_FAILED; the signal's reason when it was aborted
   */
  filter(input: Buffer): Promise<Buffer> {
    if (this.#job !== null) throw new RangeError('a shell does one thing after the other');
    for (let done = 0; done < input.length; ) {
      done += writeSync(this.#input, input, done, input.length - done, done);
    }
    ftruncateSync(this.#input, input.length);
    return new Promise((resolve, reject) => {
      this.#job = { resolve, reject, output: [], length: 0 };
      if (this.#isOver) this.#end({ exitCode: null, signal: null, complaint: this.#complaint });
      else this.#child.stdin?.write('\n');
    });
  }

  /** Ends the shell; what it was doing fails. */
  [Symbol.dispose](): void {
    if (this.#isDisposed) return;
    this.#isDisposed = true;
    this.#signal.removeEventListener('abort', this.#kill);
    if (this.#job !== null) this.#kill();
    // It ends when there is nothing more to read.
    this.#child.stdin?.end();
    closeSync(this.#input);
    rmSync(this.#path, { force: true });
  }

  #take(chunk: Buffer): void {
    const job = this.#job;
    if (job === null) return;
    job.output.push(chunk);
    job.length += chunk.length;
    const tail = this.#tail(job);
    if (!tail.startsWith(this.#mark)) return;
    const status = Number(tail.slice(this.#mark.length + 1));
    if (status !== 0) {
      // What the program said on stderr is all there when the shell has ended.
      this.#failedStatus = status;
      this.#child.stdin?.end();
      return;
    }
    this.#job = null;
    job.resolve(Buffer.concat(job.output, job.length - tail.length));
  }

  /** The last characters of the output: as many as mark and status have. */
  #tail({ output, length }: Job): string {
    const size = this.#mark.length + statusBytes;
    if (length < size) return '';
    const last: Buffer[] = [];
    let held = 0;
    for (let index = output.length - 1; held < size; index -= 1) {
      const part = output[index] ?? Buffer.alloc(0);
      last.unshift(part);
      held += part.length;
    }
    return Buffer.concat(last).toString('latin1').slice(-size);
  }

  #end(end: ProgramEnd): void {
    this.#isOver = true;
    const job = this.#job;
    if (job === null) return;
    this.#job = null;
    if (this.#signal.aborted) {
      job.reject(this.#signal.reason);
      return;
    }
    const { name, path } = this.#program;
    const { exitCode, signal, complaint } =
      this.#failedStatus === null ? end : asEnd(this.#failedStatus, end);
    const how = describeEnd({ exitCode, signal, complaint });
    job.reject(
      new RotaError('COMPRESSOR_FAILED', `${name} ${how}; run again, or check the program and memory.`, {
        cause: this.#failure,
        facts: { program: path, exitCode, signal },
      }),
    );
  }
}

/** A shell says 128 and the signal's number of a program that a signal ended. */
function asEnd(status: number, { complaint }: ProgramEnd): ProgramEnd {
  const killed = Object.entries(constants.signals).find(([, number]) => number === status - 128);
  return { exitCode: killed ? null : status, signal: (killed?.[0] as NodeJS.Signals) ?? null, complaint };
}
