import { blockCrc } from './block-crc.ts';
import { BlockFault } from './block-fault.ts';
import { type LinkedBlock, mostSymbols } from './linked-block.ts';
import { followRuns } from './run-table.ts';

/** Four equal bytes may stand for up to 259: no block holds more. */
export const mostRawBytes = Math.ceil(mostSymbols / 5) * 259;

/**
 * So many blocks are followed at once. Each step of a block depends on the one before and reads from a random place of
 * 3.6 MB, which is more than the nearest caches hold: one block alone waits for memory most of the time, and four wait
 * together.
 */
export const blocksTogether = 4;

/**
 * The second half of decoding: the content of a block.
 * @throws BlockFault
 */
export function unfold(block: LinkedBlock): Buffer {
  followLinks([block]);
  const raw = contentOf(block, Buffer.allocUnsafe(block.length + 4096));
  // The memory that was too much would be held as long as the content.
  return raw.buffer.byteLength - raw.length > raw.length >> 2 ? Buffer.from(raw) : raw;
}

/** Puts the symbols of each block in the order of its content, for all blocks at once. */
export function followLinks(blocks: readonly LinkedBlock[]): void {
  followTogether(blocks.filter(({ rows }) => rows === 0));
  for (const block of blocks) if (block.rows > 0) followRuns(block);
}

/**
 * Undoes the first stage of bzip2 with symbols that are in order, and proves the content by its checksum.
 * @param into takes the content; where it is too small, the answer lies in memory of its own
 * @throws BlockFault
 */
export function contentOf({ symbols, length, crc }: LinkedBlock, into: Buffer): Buffer {
  const raw = undoRuns(symbols, length, into);
  if (blockCrc(raw) !== crc) throw new BlockFault('damaged', 'its checksum is wrong');
  return raw;
}

/** A block on its way: what was read last, and how many symbols have been. */
interface Walk {
  readonly block: LinkedBlock;
  entry: number;
  done: number;
}

function followTogether(blocks: readonly LinkedBlock[]): void {
  let walks: Walk[] = blocks.map((block) => ({ block, entry: block.links[block.origin] ?? 0, done: 0 }));
  while (walks.length > 0) {
    const together = walks.slice(0, blocksTogether);
    const steps = Math.min(...together.map(({ block, done }) => block.length - done));
    if (together.length === 1) followOne(together[0] as Walk, steps);
    else followFour(together, steps);
    for (const walk of together) walk.done += steps;
    walks = walks.filter(({ block, done }) => done < block.length);
  }
}

function followOne(walk: Walk, steps: number): void {
  const { links } = walk.block;
  const symbols = walk.block.symbols.subarray(walk.done, walk.done + steps);
  let { entry } = walk;
  for (let i = 0; i < steps; i += 1) {
    entry = links[entry >>> 8] ?? 0;
    symbols[i] = entry;
  }
  walk.entry = entry;
}

/** Where there are fewer than four the first is followed several times over, which is in the caches then. */
function followFour(walks: readonly Walk[], steps: number): void {
  const lane = (index: number) => {
    const { block, entry, done } = (walks[index] ?? walks[0]) as Walk;
    return { links: block.links, symbols: block.symbols.subarray(done, done + steps), entry };
  };
  const lanes = [lane(0), lane(1), lane(2), lane(3)] as const;
  const { links: linksA, symbols: symbolsA } = lanes[0];
  const { links: linksB, symbols: symbolsB } = lanes[1];
  const { links: linksC, symbols: symbolsC } = lanes[2];
  const { links: linksD, symbols: symbolsD } = lanes[3];
  let entryA = lanes[0].entry;
  let entryB = lanes[1].entry;
  let entryC = lanes[2].entry;
  let entryD = lanes[3].entry;
  for (let i = 0; i < steps; i += 1) {
    entryA = linksA[entryA >>> 8] ?? 0;
    entryB = linksB[entryB >>> 8] ?? 0;
    entryC = linksC[entryC >>> 8] ?? 0;
    entryD = linksD[entryD >>> 8] ?? 0;
    // The array keeps the lowest eight bits.
    symbolsA[i] = entryA;
    symbolsB[i] = entryB;
    symbolsC[i] = entryC;
    symbolsD[i] = entryD;
  }
  const ends = [entryA, entryB, entryC, entryD];
  for (const [index, walk] of walks.entries()) walk.entry = ends[index] ?? 0;
}

/**
 * After four equal bytes comes the number of further ones. What lies between such runs is copied as a whole: a run of four
 * holds two equal bytes at an even distance from where the search began, so half of the pairs need looking at.
 */
function undoRuns(symbols: Uint8Array, length: number, into: Buffer): Buffer {
  const source = Buffer.from(symbols.buffer, symbols.byteOffset, length);
  let raw = into.length >= length + 520 ? into : Buffer.allocUnsafe(length + 4096);
  let size = 0;
  let begun = 0;
  for (let at = 0; at + 4 <= length; ) {
    const byte = symbols[at] ?? 0;
    if (byte !== symbols[at + 1]) {
      at += 2;
      continue;
    }
    const start = at > begun && symbols[at - 1] === byte ? at - 1 : at;
    if (byte !== symbols[start + 2] || byte !== symbols[start + 3]) {
      at += 2;
      continue;
    }
    const end = start + 4;
    size += source.copy(raw, size, begun, end);
    const more = end < length ? (symbols[end] ?? 0) : 0;
    begun = Math.min(end + 1, length);
    at = begun;
    if (size + more + length - begun > raw.length) {
      const larger = Buffer.allocUnsafe(Math.min(raw.length * 2, mostRawBytes + 260) + length);
      raw.copy(larger, 0, 0, size);
      raw = larger;
    }
    raw.fill(byte, size, size + more);
    size += more;
  }
  size += source.copy(raw, size, begun, length);
  return raw.subarray(0, size);
}
