const lineFeed = 0x0a;
/** `VALUES` and `),` are looked for before a line feed: what may have to wait for the next chunk. */
const keptBytes = 8;
/** A head without a line of its own kind this long is none. */
const longestHeadBytes = 64 * 1024;

const sandboxLine = /^\/\*M?!\d+\\?- ?enable the sandbox mode ?\*\/;?\s*$/;
const hostLine = /^(-- Host: ).*?(\s{2,}Database: .*)$/;

/**
 * Turns what a dump program writes into what is published, however it is cut into chunks:
 * - without the sandbox line, which MySQL and MariaDB before 2024 cannot load;
 * - without the name of the database host;
 * - each INSERT on one line, as the files of the field have it (newer programs of MariaDB give each row a line of its
 *   own). Line feeds within values are written `\n`, so every one that is met stands between rows.
 */
export class DumpFilter {
  #head: Buffer | null = Buffer.alloc(0);
  #kept: Buffer = Buffer.alloc(0);

  push(chunk: Buffer): Buffer {
    if (this.#head === null) return this.#body(chunk);
    const head = Buffer.concat([this.#head, chunk]);
    const end = headEnd(head);
    if (end === null && head.length < longestHeadBytes) {
      this.#head = head;
      return Buffer.alloc(0);
    }
    this.#head = null;
    const cut = end ?? head.length;
    return Buffer.concat([cleanHead(head.subarray(0, cut)), this.#body(head.subarray(cut))]);
  }

  finish(): Buffer {
    const rest = this.#head === null ? this.#kept : cleanHead(this.#head);
    this.#head = null;
    this.#kept = Buffer.alloc(0);
    return rest;
  }

  #body(chunk: Buffer): Buffer {
    const joined = joinRows(Buffer.concat([this.#kept, chunk]));
    const cut = Math.max(0, joined.length - keptBytes);
    this.#kept = joined.subarray(cut);
    return joined.subarray(0, cut);
  }
}

/** Where the comments at the top end: before the first line that is neither comment nor sandbox line. */
function headEnd(bytes: Buffer): number | null {
  for (let start = 0; ; ) {
    const end = bytes.indexOf(lineFeed, start);
    if (end < 0) return null;
    const line = bytes.toString('latin1', start, end);
    if (!line.startsWith('--') && !sandboxLine.test(line)) return start;
    start = end + 1;
  }
}

function cleanHead(bytes: Buffer): Buffer {
  const lines = bytes.toString('latin1').split('\n');
  const kept = lines.filter((line) => !sandboxLine.test(line));
  return Buffer.from(kept.map((line) => line.replace(hostLine, '$1-$2')).join('\n'), 'latin1');
}

/** `VALUES⏎(` becomes `VALUES (`, and `),⏎(` becomes `),(`. Changes the buffer. */
function joinRows(bytes: Buffer): Buffer {
  let written = 0;
  let from = 0;
  for (let at = bytes.indexOf('\n('); at >= 0; at = bytes.indexOf('\n(', at + 1)) {
    if (bytes[at - 1] === 0x2c && bytes[at - 2] === 0x29) {
      written += bytes.copy(bytes, written, from, at);
      from = at + 1;
    } else if (bytes.toString('latin1', Math.max(0, at - 6), at) === 'VALUES') {
      bytes[at] = 0x20;
    }
  }
  written += bytes.copy(bytes, written, from);
  return bytes.subarray(0, written);
}
