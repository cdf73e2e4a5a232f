const insert = Buffer.from('INSERT INTO ');

const lineStart = 0;
const otherLine = 1;
const beforeValues = 2;
const quotedName = 3;
const values = 4;
const inString = 5;
const escaped = 6;

/** Counts the rows of the INSERT statements in a table's SQL, however it is cut into chunks. */
export class RowCounter {
  #state = lineStart;
  #matched = 0;
  #rows = 0;

  get rows(): number {
    return this.#rows;
  }

  push(chunk: Buffer): void {
    let state = this.#state;
    for (let i = 0; i < chunk.length; i++) {
      const byte = chunk[i];
      switch (state) {
        case inString:
          if (byte === 0x5c) state = escaped;
          else if (byte === 0x27) state = values;
          break;
        case escaped:
          state = inString;
          break;
        case values:
          if (byte === 0x27) state = inString;
          else if (byte === 0x28) this.#rows++;
          else if (byte === 0x3b) state = otherLine;
          break;
        case otherLine: {
          const end = chunk.indexOf(0x0a, i);
          i = end < 0 ? chunk.length : end;
          if (end >= 0) state = lineStart;
          break;
        }
        case lineStart:
          state = this.#matchInsert(byte);
          break;
        case beforeValues:
          // Names are quoted, so the first V is that of VALUES.
          if (byte === 0x60) state = quotedName;
          else if (byte === 0x56) state = values;
          break;
        case quotedName:
          if (byte === 0x60) state = beforeValues;
          break;
      }
    }
    this.#state = state;
  }

  #matchInsert(byte: number | undefined): number {
    if (byte === insert[this.#matched]) {
      this.#matched++;
      if (this.#matched < insert.length) return lineStart;
      this.#matched = 0;
      return beforeValues;
    }
    this.#matched = 0;
    return byte === 0x0a ? lineStart : otherLine;
  }
}
