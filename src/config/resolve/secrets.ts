import { readFileSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { Secret } from '../../core/secret.ts';
import type { Path } from '../faults/document.ts';
import type { Report } from './report.ts';

/** Where a secret is to be had, as rota.yaml says it. */
export interface SecretSource {
  readonly file?: string | undefined;
  readonly variable?: string | undefined;
  /** Paths of the two keys in rota.yaml, for faults. */
  readonly filePath: Path;
  readonly variablePath: Path;
}

/** Reads secrets from files and the environment, each file once. */
export class SecretReader {
  readonly #folder: string;
  readonly #env: Readonly<Record<string, string | undefined>>;
  readonly #report: Report;
  readonly #files = new Map<string, Secret | null>();

  constructor(folder: string, env: Readonly<Record<string, string | undefined>>, report: Report) {
    this.#folder = folder;
    this.#env = env;
    this.#report = report;
  }

  /** Absolute paths of the files that were named. */
  get files(): readonly string[] {
    return [...this.#files.keys()];
  }

  /** null where none is named, and where it cannot be had: that is a fault. */
  read(source: SecretSource): Secret | null {
    if (source.file !== undefined && source.variable !== undefined) {
      this.#report.fault(
        source.variablePath,
        'a secret has one source: give the file or the variable, not both',
      );
      return null;
    }
    if (source.file !== undefined) return this.#readFile(resolve(this.#folder, source.file), source.filePath);
    if (source.variable === undefined) return null;
    // Many a way to fill a variable from a file leaves the file's last line feed in it.
    const value = this.#env[source.variable]?.replace(/\r?\n$/, '');
    if (value !== undefined && value !== '') return this.#clean(value, source.variablePath);
    this.#report.fault(source.variablePath, `the environment variable ${source.variable} is not set`);
    return null;
  }

  /** A line break in a header, say, would make others tell the secret in their complaint. */
  #clean(value: string, path: Path): Secret | null {
    if (!/[^\P{Cc}\t]/u.test(value)) return new Secret(value);
    this.#report.fault(
      path,
      'this secret holds a line break or another control character; it should be one line',
    );
    return null;
  }

  #readFile(file: string, path: Path): Secret | null {
    const known = this.#files.get(file);
    if (known !== undefined) return known;
    const secret = this.#open(file, path);
    this.#files.set(file, secret);
    return secret;
  }

  #open(file: string, path: Path): Secret | null {
    // The name is not repeated in messages: people do write the password itself here by mistake.
    try {
      const stat = statSync(file);
      if (!stat.isFile()) {
        this.#report.fault(path, 'this is no file');
        return null;
      }
      if (stat.size > 65_536) {
        this.#report.fault(path, 'this file is too big for a secret (more than 64 KiB)');
        return null;
      }
      const [line = ''] = readFileSync(file, 'utf8').split(/\r?\n/, 1);
      if ((stat.mode & 0o004) !== 0) {
        this.#report.warn(
          path,
          'everybody on this machine can read this secret; take the right away (chmod o-r)',
        );
      }
      const secret = line.replace(/^\ufeff/, '');
      if (secret !== '') return this.#clean(secret, path);
      this.#report.fault(path, 'the first line of this file is empty; it should be the secret');
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code ?? String(error);
      const why = code === 'ENOENT' ? 'it is not there' : code === 'EACCES' ? 'no right to read it' : code;
      this.#report.fault(path, `this file cannot be read: ${why}`);
    }
    return null;
  }
}
