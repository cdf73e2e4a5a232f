import type { OutputStream } from '../io.ts';
import { type Column, formatTable, printable } from './table.ts';

/**
 * What a command prints. With --json each thing is one line of JSON; otherwise it is for people. Data goes to standard
 * output, remarks to standard error.
 */
export class Output {
  readonly json: boolean;
  readonly color: boolean;
  /** Standard output is a terminal and JSON was not asked for: progress bars and redrawing are welcome. */
  readonly isInteractive: boolean;
  readonly widthChars: number;
  readonly #stdout: OutputStream;
  readonly #stderr: OutputStream;

  constructor(options: {
    readonly stdout: OutputStream;
    readonly stderr: OutputStream;
    readonly json: boolean;
    readonly color: boolean;
  }) {
    this.#stdout = options.stdout;
    this.#stderr = options.stderr;
    this.json = options.json;
    this.color = options.color;
    this.isInteractive = options.stdout.isTTY === true && !options.json;
    this.widthChars = options.stdout.isTTY === true ? Math.max(40, options.stdout.columns ?? 80) : 80;
  }

  /** Text as it is, such as a file's contents; a line feed is added where it lacks one. */
  text(text: string): void {
    this.#stdout.write(text.endsWith('\n') ? text : `${text}\n`);
  }

  /** One line for people, or the value as one line of JSON. */
  line(value: object, human: string): void {
    this.#stdout.write(this.json ? `${JSON.stringify(value)}\n` : `${printable(human)}\n`);
  }

  /** A table for people (80 columns off a terminal), or a line of JSON for each row. */
  table<Row extends object>(columns: readonly Column<Row>[], rows: readonly Row[], whenEmpty: string): void {
    if (this.json) {
      for (const row of rows) this.#stdout.write(`${JSON.stringify(row)}\n`);
    } else if (rows.length === 0) {
      this.remark(whenEmpty);
    } else {
      this.text(formatTable(columns, rows, this.widthChars).join('\n'));
    }
  }

  /** Something to know beside the data: on standard error, never part of it. */
  remark(text: string): void {
    this.#stderr.write(`${text.split('\n').map(printable).join('\n')}\n`);
  }
}
