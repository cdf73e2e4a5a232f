import { readFileSync } from 'node:fs';
import { systemClock } from '../core/clock.ts';
import { exitStatus } from '../core/exit-status.ts';
import { commands } from './commands/index.ts';
import { listenForSignals } from './listen-for-signals.ts';
import { asRotaError, printError } from './output/print-error.ts';
import { runCommandLine } from './program.ts';

/** 128 + SIGPIPE: how a shell reports a program whose reader went away. */
const readerGone = 141;

const stop = new AbortController();
/** Set when standard output failed; that outdoes what the command itself says. */
let outputStatus: number | null = null;

process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (outputStatus !== null) return;
  // `rota … | head`: nobody wants the rest, and nobody wants to hear of it.
  outputStatus = error.code === 'EPIPE' ? readerGone : exitStatus.failed;
  if (error.code !== 'EPIPE') printError(process.stderr, asRotaError(error, stop.signal), false);
  // The error may come when all is written and said.
  process.exitCode = outputStatus;
  stop.abort(error);
});
// Where standard error is closed there is nowhere left to complain.
process.stderr.on('error', () => {});
listenForSignals({ process, stop, clock: systemClock });

const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
  version: string;
};
const status = await runCommandLine(process.argv.slice(2), {
  io: {
    stdout: process.stdout,
    stderr: process.stderr,
    // Opened by those few that read it.
    get stdin() {
      return process.stdin;
    },
    env: process.env,
    cwd: process.cwd(),
  },
  clock: systemClock,
  signal: stop.signal,
  version,
  commands,
});
process.exitCode = outputStatus ?? status;
