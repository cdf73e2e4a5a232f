import type { ResultRows } from '../database/database-connection.ts';

/** old_flags of a text row: how its bytes are to be read. */
export interface TextFlags {
  readonly isUtf8: boolean;
  readonly isGzip: boolean;
  readonly isExternal: boolean;
  readonly isObject: boolean;
  readonly isError: boolean;
}

/** Reads a comma list of flags; unknown ones mean nothing, as in MediaWiki. */
export function parseTextFlags(flags: string): TextFlags {
  const set = new Set(flags.split(','));
  return {
    // "utf8" stems from broken conversion scripts and is honoured by MediaWiki.
    isUtf8: set.has('utf-8') || set.has('utf8'),
    isGzip: set.has('gzip'),
    isExternal: set.has('external'),
    isObject: set.has('object'),
    isError: set.has('error'),
  };
}

/** A wiki has few different combinations of flags: each is parsed once. */
export class FlagsCache {
  readonly #known = new Map<string, TextFlags>();
  #lastText = '';
  #last: TextFlags | null = null;

  /** Of a row. They are mostly those of the row before, and then the row's bytes need not become a string. */
  ofColumn(rows: ResultRows, column: number): TextFlags {
    if (this.#last !== null && holds(rows, column, this.#lastText)) return this.#last;
    this.#lastText = rows.binary(column);
    this.#last = this.of(this.#lastText);
    return this.#last;
  }

  of(flags: string): TextFlags {
    let parsed = this.#known.get(flags);
    if (parsed === undefined) {
      parsed = parseTextFlags(flags);
      if (this.#known.size < 1000) this.#known.set(flags, parsed);
    }
    return parsed;
  }
}

function holds(rows: ResultRows, column: number, text: string): boolean {
  if (rows.byteLength(column) !== text.length) return false;
  for (let at = 0; at < text.length; at++) {
    if (rows.byteAt(column, at) !== text.charCodeAt(at)) return false;
  }
  return true;
}
