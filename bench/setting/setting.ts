import type { Command } from '../measure/run-command.ts';

/** A wiki that is measured, reachable by Rota (rota.yaml in `farmFolder`) and by MediaWiki's scripts. */
export interface BenchWiki {
  readonly name: string;
  /** Runs one of MediaWiki's maintenance scripts; as a part of a shell command, see `shellWords`. */
  readonly maintenance: Command;
  /** Options of MariaDB's client programs, and the database. */
  readonly clientOptions: readonly string[];
  readonly database: string;
}

export interface Setting extends AsyncDisposable {
  readonly farmFolder: string;
  /** Null where the server runs elsewhere: then its CPU is not counted. */
  readonly serverPid: number | null;
  readonly wikis: readonly BenchWiki[];
  /** For output that is measured with writing; removed at the end. */
  readonly scratchFolder: string;
}

/** Command words for a shell, quoted. */
export function shellWords(words: readonly string[]): string {
  return words.map((word) => `'${word.replaceAll("'", `'\\''`)}'`).join(' ');
}
