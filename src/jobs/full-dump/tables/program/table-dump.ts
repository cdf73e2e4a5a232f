import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { killGroup } from '../../../../control/process-groups.ts';
import { RotaError } from '../../../../core/errors/rota-error.ts';
import type { ProgramEnd } from '../../../../export/containers/program.ts';
import type { MariadbAddress } from '../../../../mediawiki/database/database-address.ts';
import { writing } from '../../../../publish/files/file-failure.ts';
import { isComplete } from '../sql/completion.ts';
import { dumpArguments } from './dump-arguments.ts';
import { dumpFailure } from './dump-failure.ts';
import { DumpFilter } from './dump-filter.ts';
import type { DumpProgram } from './dump-program.ts';
import { optionFileText, pemKinds } from './option-file.ts';

export interface TableDumpOptions {
  readonly program: DumpProgram;
  readonly address: MariadbAddress;
  /** With prefix. */
  readonly table: string;
  /** A private folder for the option file. */
  readonly folder: string;
  readonly signal: AbortSignal;
  /** Told of the program's process group; what it gives is disposed of when the program has ended. */
  readonly own: (pgid: number) => Disposable;
}

const keptComplaintBytes = 4096;

/**
 * The dump program at work on one table. Disposing of it ends the program, waits for its end and removes the option
 * file; the signal kills it at once.
 */
export class TableDump implements AsyncDisposable {
  readonly #options: TableDumpOptions;
  readonly #child: ChildProcess;
  readonly #ended: Promise<ProgramEnd>;
  readonly #files: readonly string[];
  readonly #kill: () => void;
  readonly #owned: Disposable | undefined;

  private constructor(options: TableDumpOptions, child: ChildProcess, files: readonly string[]) {
    this.#options = options;
    this.#child = child;
    this.#files = files;
    this.#ended = endOf(child, options.program.path);
    // Awaited by `sql` or by the disposal; until then it must not count as unhandled.
    this.#ended.catch(() => undefined);
    // When a program ends, Node throws away what nobody listens to: a small table would be gone before it is read.
    child.stdout?.on('readable', () => undefined);
    this.#owned = child.pid === undefined ? undefined : options.own(child.pid);
    this.#kill = () => this.#killProgram();
    if (options.signal.aborted) this.#kill();
    options.signal.addEventListener('abort', this.#kill, { once: true });
  }

  static async start(options: TableDumpOptions): Promise<TableDump> {
    const { address, folder, program, signal, table } = options;
    signal.throwIfAborted();
    const optionFile = join(folder, 'login.cnf');
    const pemFiles = Object.fromEntries(
      pemKinds
        .filter((kind) => address.tls?.[kind] !== undefined)
        .map((kind) => [kind, join(folder, `${kind}.pem`)]),
    );
    const files = [optionFile, ...Object.values(pemFiles)];
    try {
      for (const kind of pemKinds) {
        const [file, text] = [pemFiles[kind], address.tls?.[kind]];
        if (file !== undefined && text !== undefined) await writePrivate(file, text);
      }
      const text = optionFileText(address, program.vendor, pemFiles);
      await writePrivate(optionFile, text);
      const request = { vendor: program.vendor, optionFile, database: address.database, table };
      // Nothing of the environment: MYSQL_HOST, MYSQL_PWD and HOME would change to whom the program talks.
      const child = spawn(program.path, dumpArguments(request), {
        stdio: ['ignore', 'pipe', 'pipe'],
        env: { LC_ALL: 'C' },
        detached: true,
      });
      return new TableDump(options, child, files);
    } catch (error) {
      await removeAll(files);
      throw error;
    }
  }

  /**
   * What the program writes, filtered. Ends only when the dump is whole.
   * @throws RotaError TABLE_DUMP_FAILED, TABLE_DUMP_INTERRUPTED, those of the database; the signal's reason
   */
  async *sql(): AsyncGenerator<Buffer, void, void> {
    const { program, table, address, signal } = this.#options;
    const filter = new DumpFilter();
    let tail: Buffer = Buffer.alloc(0);
    let begun = false;
    for await (const chunk of this.#output()) {
      // It is logged in when it begins to write: from here on the password need not lie on the disk.
      if (!begun) await removeAll(this.#files);
      begun = true;
      const clean = filter.push(chunk);
      tail = Buffer.concat([tail, clean.subarray(-100)]).subarray(-100);
      if (clean.length > 0) yield clean;
    }
    const rest = filter.finish();
    tail = Buffer.concat([tail, rest]);
    if (rest.length > 0) yield rest;
    const end = await this.#ended;
    signal.throwIfAborted();
    if (end.exitCode !== 0) throw dumpFailure(end, { program: program.name, table, address });
    if (isComplete(tail)) return;
    throw new RotaError(
      'TABLE_DUMP_INTERRUPTED',
      `What ${program.name} wrote of the table ${table} has no end, though the program says it ended well; resume the run, and check ${program.path}.`,
      { facts: { table } },
    );
  }

  async *#output(): AsyncGenerator<Buffer, void, void> {
    try {
      yield* this.#child.stdout ?? [];
    } catch (error) {
      // The killed program's pipe says "premature close".
      this.#options.signal.throwIfAborted();
      throw error;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#killProgram();
    this.#options.signal.removeEventListener('abort', this.#kill);
    // What it says of its end no longer matters here.
    await this.#ended.catch(() => undefined);
    this.#owned?.[Symbol.dispose]();
    await removeAll(this.#files);
  }

  #killProgram(): void {
    const { pid, exitCode, signalCode } = this.#child;
    if (pid !== undefined && exitCode === null && signalCode === null) killGroup(pid);
    this.#child.stdout?.destroy();
  }
}

async function endOf(child: ChildProcess, path: string): Promise<ProgramEnd> {
  const complaints: Buffer[] = [];
  let kept = 0;
  child.stderr?.on('data', (chunk: Buffer) => {
    if (kept < keptComplaintBytes) complaints.push(chunk.subarray(0, keptComplaintBytes - kept));
    kept += chunk.length;
  });
  try {
    const [exitCode, signal] = await once(child, 'close');
    return { exitCode, signal, complaint: Buffer.concat(complaints).toString('utf8').trim() };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new RotaError(
      'TABLE_DUMP_FAILED',
      `${path} could not be started (${reason}); check the program and the limits on processes.`,
      { cause: error },
    );
  }
}

function writePrivate(path: string, text: string): Promise<void> {
  return writing('write', path, () => writeFile(path, text, { mode: 0o600, flag: 'wx' }));
}

async function removeAll(files: readonly string[]): Promise<void> {
  for (const file of files) await writing('remove', file, () => rm(file, { force: true }));
}
