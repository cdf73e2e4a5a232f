import { Writable } from 'node:stream';
import pino from 'pino';
import type { LogLevel } from '../config/farm-config.ts';
import type { Log } from '../core/log.ts';
import type { OutputStream } from './io.ts';
import { logLine } from './output/log-line.ts';

export interface LogOptions {
  readonly level: LogLevel;
  /** Lines of JSON are appended here; null: standard error. */
  readonly file: string | null;
  readonly stderr: OutputStream;
  /** JSON on standard error, too; otherwise one plain line per event. */
  readonly json: boolean;
}

/** A log, and how to close it. */
export interface OpenLog extends AsyncDisposable {
  readonly log: Log;
}

export function openLog(options: LogOptions): OpenLog {
  const settings = {
    level: options.level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
    // A failure's message and code; the stack is for faults of Rota itself and comes with --verbose.
    serializers: { error: pino.stdSerializers.err, err: pino.stdSerializers.err },
  };
  if (options.file === null) {
    const lines = new Writable({
      decodeStrings: false,
      write: (chunk: string | Buffer, _encoding, done) => {
        const text = chunk.toString();
        options.stderr.write(options.json ? text : `${logLine(text)}\n`, () => done());
      },
    });
    return { log: pino(settings, lines), [Symbol.asyncDispose]: () => endOf(lines) };
  }
  // Lines are short and a run's last ones matter most, so they are written at once.
  const destination = pino.destination({ dest: options.file, sync: true, mode: 0o640 });
  return {
    log: pino(settings, destination),
    [Symbol.asyncDispose]: async () => {
      destination.end();
    },
  };
}

function endOf(stream: Writable): Promise<void> {
  return new Promise((resolve) => {
    stream.end(() => resolve());
  });
}
