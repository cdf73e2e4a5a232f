import { hash } from 'node:crypto';
import { closeSync, openSync, readFileSync, readSync } from 'node:fs';
import type { CarrySource } from '../piece/piece-spec.ts';
import type { CarriedLine } from './bundle-index.ts';
import { extractStream } from './extract-stream.ts';
import { comparePositions, type Position } from './position.ts';

/**
 * The bundles of a lane of the date before, as far as a piece may need them. Each is checked against the SHA-256 in its
 * index whenever it is read; one that is not as it was written is of no use from then on.
 * Memory: the piece's lines of the index, and one compressed bundle.
 */
export class PreviousLane implements Disposable {
  readonly source: CarrySource;
  readonly lines: readonly CarriedLine[];
  /** Why bundles could not be used, one sentence each. */
  readonly refused: string[] = [];
  readonly #starts = new Map<string, CarriedLine>();
  readonly #bad = new Set<CarriedLine>();
  readonly #files = new Map<number, number>();

  constructor(source: CarrySource) {
    this.source = source;
    this.lines = readFileSync(source.bundlesFile, 'utf8')
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as CarriedLine);
    for (const line of this.lines) if (line.units) this.#starts.set(line.units.from.join(':'), line);
  }

  /** The bundle that begins with the unit at this place. */
  startingAt(page: number, revision: number): CarriedLine | undefined {
    return this.#starts.get(`${page}:${revision}`);
  }

  /** The bundle in which a unit stands, if it was in the dump before. */
  around(position: Position): CarriedLine | undefined {
    let low = 0;
    let high = this.lines.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const from = this.lines[middle]?.units?.from;
      if (from !== undefined && comparePositions(from, position) <= 0) low = middle + 1;
      else high = middle;
    }
    return this.lines[low - 1];
  }

  /** The bundle as a stream or frame of its own; null when it is not what was written. */
  read(line: CarriedLine): Buffer | null {
    if (this.#bad.has(line)) return null;
    const bytes = this.#bytesOf(line);
    if (bytes !== null && hash('sha256', bytes, 'hex') === line.sha256) return bytes;
    this.#bad.add(line);
    const path = this.source.paths[line.part] ?? '';
    this.refused.push(
      bytes === null
        ? `${path} ends before the bundle at ${line.at}, or cannot be read`
        : `${path} is damaged at ${line.at}`,
    );
    return null;
  }

  [Symbol.dispose](): void {
    for (const file of this.#files.values()) closeSync(file);
    this.#files.clear();
  }

  #bytesOf(line: CarriedLine): Buffer | null {
    if (this.source.format !== 'bz2') return this.#readAt(line.part, line.at, line.length);
    const { at, bits = 0, crc = 0 } = line;
    const first = Math.floor(at / 8);
    const bytes = this.#readAt(line.part, first, Math.ceil((at + bits) / 8) - first);
    return bytes && extractStream(bytes, { skip: at % 8, bits, crc });
  }

  #readAt(part: number, at: number, length: number): Buffer | null {
    try {
      let file = this.#files.get(part);
      if (file === undefined) {
        file = openSync(this.source.paths[part] ?? '', 'r');
        this.#files.set(part, file);
      }
      const bytes = Buffer.allocUnsafe(length);
      for (let done = 0; done < length; ) {
        const read = readSync(file, bytes, done, length - done, at + done);
        if (read === 0) return null;
        done += read;
      }
      return bytes;
    } catch {
      // Withdrawn, replaced or on a disk that fails: then it is made anew.
      return null;
    }
  }
}
