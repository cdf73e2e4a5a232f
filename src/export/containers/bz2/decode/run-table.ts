import { type LinkedBlock, mostSymbols, type Runs } from './linked-block.ts';

/** Longer runs are several rows: so the way from where a row leads to the row that is meant stays short. */
const mostRunSymbols = 1023;
/** With fewer symbols a row the table is not in the caches, and little is copied. */
const leastSymbolsPerRow = 4;
const mostRows = mostSymbols / leastSymbolsPerRow;
/** Of so many rows (and one) one begins a way that is remembered: about as many symbols are copied at once. */
const anchorMask = 63;
const longestWay = 255;
/**
 * Offsets by which ways are looked up: those that begin in one row come apart again, so each few have their own. With 8
 * instead of 16 as few symbols are gone one by one, and twice the ways are kept.
 */
const offsetBits = 4;
/** Ways that are kept, by a hash of row and offset; five numbers each. Some thousand are needed. */
const wayBits = 13;
const wayNumbers = 5;
const wayTable = wayNumbers << wayBits;

/**
 * Follows the links of a block in which the same text comes again and again, as in a page's history: its sorted symbols
 * are few long runs, and links are kept of runs instead of symbols. All symbols of a run lead to places that stand side by
 * side, so a place is a row (a run, in the order to which links lead) and an offset in it, and one look-up in a table that the
 * caches hold replaces one in 3.6 MB. (The idea is the "move structure" of T. Nishimoto and Y. Tabei, 2021.)
 *
 * Also, who comes by the same rows at other offsets finds the same symbols: from some rows on the way to the next such row
 * is remembered, with the offsets for which it holds, and its symbols are copied.
 */
export class RunTable {
  /** In the order of the last column: length and symbol (length | symbol << 12), and the row. */
  readonly #runs = new Int32Array(mostRows);
  readonly #rowOf = new Int32Array(mostRows);
  /** By row. */
  readonly #runOf = new Int32Array(mostRows);

  /** @returns false where the block has too many runs: then links must be followed */
  build(block: LinkedBlock, runs: Runs): boolean {
    const rows = this.#split(runs, Math.floor(block.length / leastSymbolsPerRow));
    if (rows === 0) return false;
    this.#order(rows);
    this.#fill(block.links, rows);
    block.links.fill(0, 2 * rows, 2 * rows + wayTable);
    block.rows = rows;
    return true;
  }

  /** Their number, or 0 where there are too many. */
  #split({ runs, count }: Runs, most: number): number {
    let rows = 0;
    for (let run = 0; run < count; run += 1) {
      const entry = runs[run] ?? 0;
      let left = entry >>> 8;
      if (rows + left / mostRunSymbols + 1 > most) return 0;
      while (left > 0) {
        const length = Math.min(left, mostRunSymbols);
        this.#runs[rows] = length | ((entry & 0xff) << 12);
        rows += 1;
        left -= length;
      }
    }
    return rows;
  }

  /** Rows are sorted by symbol, and stay in order otherwise. */
  #order(rows: number): void {
    const next = new Int32Array(257);
    for (let run = 0; run < rows; run += 1) {
      const above = ((this.#runs[run] ?? 0) >>> 12) + 1;
      next[above] = (next[above] ?? 0) + 1;
    }
    for (let symbol = 1; symbol <= 256; symbol += 1)
      next[symbol] = (next[symbol] ?? 0) + (next[symbol - 1] ?? 0);
    for (let run = 0; run < rows; run += 1) {
      const symbol = (this.#runs[run] ?? 0) >>> 12;
      const row = next[symbol] ?? 0;
      next[symbol] = row + 1;
      this.#rowOf[run] = row;
      this.#runOf[row] = run;
    }
  }

  /** Of each row: the row in which the place stands that its first symbol leads to; offset there, length, symbol. */
  #fill(table: Int32Array, rows: number): void {
    let target = 0;
    let start = 0;
    let at = 0;
    for (let run = 0; run < rows; run += 1) {
      for (;;) {
        const length = (this.#runs[this.#runOf[target] ?? 0] ?? 0) & 0xfff;
        if (start + length > at) break;
        start += length;
        target += 1;
      }
      const entry = this.#runs[run] ?? 0;
      const row = this.#rowOf[run] ?? 0;
      table[2 * row] = target;
      table[2 * row + 1] = (at - start) | (entry << 12);
      at += entry & 0xfff;
    }
  }
}

/** Writes the symbols of a block that has a table in the order of the content. */
export function followRuns({ links: table, symbols, rows, length, origin }: LinkedBlock): void {
  // Of each way: where its symbols stand (<< 8 | their number; 0: there is none), the row in which it begins, the offsets for
  // which it holds (from | to << 16), its last row, and what the offset changes by.
  const ways = 2 * rows;
  let row = 0;
  let offset = origin;
  for (;;) {
    const size = ((table[2 * row + 1] ?? 0) >>> 12) & 0xfff;
    if (offset < size) break;
    offset -= size;
    row += 1;
  }
  for (let i = 0; i < length; ) {
    const hash = Math.imul(row, 0x9e3779b1) + Math.imul(offset >>> offsetBits, 0x85ebca6b);
    const way = ways + wayNumbers * (hash >>> (32 - wayBits));
    const copy = table[way] ?? 0;
    if (copy !== 0 && table[way + 1] === row) {
      const offsets = table[way + 2] ?? 0;
      const size = copy & 0xff;
      if (offset >= (offsets & 0xffff) && offset < offsets >>> 16 && i + size <= length) {
        const from = copy >>> 8;
        symbols.copyWithin(i, from, from + size);
        i += size;
        offset += table[way + 4] ?? 0;
        row = table[way + 3] ?? 0;
        continue;
      }
    }
    const begun = i;
    const rowBefore = row;
    const offsetBefore = offset;
    const end = Math.min(length, i + longestWay);
    let least = 0;
    let most = 0xffff;
    let entry = table[2 * row + 1] ?? 0;
    do {
      const changed = offset - offsetBefore;
      const size = (entry >>> 12) & 0xfff;
      if (-changed > least) least = -changed;
      if (size - changed < most) most = size - changed;
      symbols[i] = entry >>> 24;
      i += 1;
      offset += entry & 0xfff;
      row = table[2 * row] ?? 0;
      entry = table[2 * row + 1] ?? 0;
      for (let room = (entry >>> 12) & 0xfff; offset >= room; room = (entry >>> 12) & 0xfff) {
        offset -= room;
        row += 1;
        entry = table[2 * row + 1] ?? 0;
      }
    } while (i < end && ((Math.imul(row, 0x9e3779b1) >>> 20) & anchorMask) !== 0);
    const changed = offset - offsetBefore;
    if (-changed > least) least = -changed;
    const room = ((entry >>> 12) & 0xfff) - changed;
    table[way] = (begun << 8) | (i - begun);
    table[way + 1] = rowBefore;
    table[way + 2] = least | (Math.min(most, room) << 16);
    table[way + 3] = row;
    table[way + 4] = changed;
  }
}
