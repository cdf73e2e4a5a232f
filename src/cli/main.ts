import { readFileSync } from 'node:fs';
import { systemClock } from '../core/clock.ts';
import { commands } from './commands/index.ts';
import { listenForSignals } from './listen-for-signals.ts';
import { runCommandLine } from './program.ts';

/** 128 + SIGPIPE: how a shell reports a program whose reader went away. */
const readerGone = 141;

const stop = new AbortController();
let isReaderGone = false;
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  // `rota … | head`: nobody wants the rest, and nobody wants to hear of it.
  isReaderGone = true;
  stop.abort(error);
});
process.stderr.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
});
listenForSignals({ process, stop, clock: systemClock });

const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
  version: string;
};
const status = await runCommandLine(process.argv.slice(2), {
  io: { stdout: process.stdout, stderr: process.stderr, env: process.env, cwd: process.cwd() },
  clock: systemClock,
  signal: stop.signal,
  version,
  commands,
});
process.exitCode = isReaderGone ? readerGone : status;
