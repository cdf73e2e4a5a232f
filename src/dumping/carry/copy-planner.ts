import { createHash, type Hash } from 'node:crypto';
import type { CarriedLine } from './bundle-index.ts';
import type { UnitDigest } from './unit-digest.ts';

/** Units of a lane, counted in the order in which it takes them, that are one unchanged bundle of the date before. */
export interface CopyRange {
  readonly from: number;
  /** Exclusive. */
  readonly to: number;
  readonly line: CarriedLine;
}

/** What a planner asks of the date before. */
export interface PlannedBundles {
  startingAt(page: number, revision: number): CarriedLine | undefined;
}

interface Candidate {
  readonly line: CarriedLine;
  readonly from: number;
  readonly hash: Hash;
}

/**
 * Finds the bundles of the date before in which nothing has changed: told all units of a piece in order, it compares
 * those from a bundle's first on with the bundle's digest. A unit more or less, or another, and it is not the same.
 */
export class CopyPlanner {
  readonly #bundles: PlannedBundles;
  readonly #copies: CopyRange[] = [];
  #unit = 0;
  #candidate: Candidate | null = null;

  constructor(bundles: PlannedBundles) {
    this.#bundles = bundles;
  }

  /** How many units it was told. */
  get unitCount(): number {
    return this.#unit;
  }

  unit(page: number, revision: number, digest: UnitDigest): void {
    // Where a bundle began before, the one before it has ended: a candidate that is not complete by then has lost units.
    const line = this.#bundles.startingAt(page, revision);
    if (line !== undefined) {
      const usable = line.units !== undefined && line.units.digest !== null;
      this.#candidate = usable ? { line, from: this.#unit, hash: createHash('sha256') } : null;
    }
    this.#unit += 1;
    if (this.#candidate === null) return;
    if (digest === null) this.#candidate = null;
    else this.#compare(this.#candidate, digest);
  }

  /**
   * The bundles to copy.
   * @param smallBytes a smaller one next to something that is made anew is made anew with it: otherwise small bundles
   *   would become more with every date
   */
  finish(smallBytes: number): readonly CopyRange[] {
    const copies = this.#copies;
    return copies.filter((copy, index) => {
      if (copy.line.raw >= smallBytes) return true;
      const before = index === 0 ? 0 : (copies[index - 1]?.to ?? 0);
      const after = copies[index + 1]?.from ?? this.#unit;
      return before === copy.from && after === copy.to;
    });
  }

  #compare({ line, from, hash }: Candidate, digest: string): void {
    hash.update(digest, 'latin1');
    if (this.#unit - from < (line.units?.count ?? 0)) return;
    if (hash.digest('hex') === line.units?.digest) this.#copies.push({ from, to: this.#unit, line });
    this.#candidate = null;
  }
}

/** Whether all units of a lane from one (counted from 0) to another, exclusive, are copied. */
export function isAllCopied(copies: readonly CopyRange[], from: number, to: number): boolean {
  let at = from;
  for (const copy of copies) {
    if (at >= to || copy.from > at) break;
    if (copy.to > at) at = copy.to;
  }
  return at >= to;
}

export interface PassedUnits {
  readonly begun: readonly CopyRange[];
  readonly last: CopyRange;
  /** Whether its last unit is among them. */
  readonly ends: boolean;
}

/** Goes along a lane's units and tells of each whether it is in a bundle that is copied. */
export class CopyCursor {
  readonly #copies: readonly CopyRange[];
  #unit = 0;
  #next = 0;

  constructor(copies: readonly CopyRange[]) {
    this.#copies = copies;
  }

  /** The copy that the next unit belongs to, and whether it is its first or last; null where it is made anew. */
  take(): { readonly copy: CopyRange; readonly begins: boolean; readonly ends: boolean } | null {
    const unit = this.#unit++;
    let copy = this.#copies[this.#next];
    if (copy !== undefined && copy.to <= unit) copy = this.#copies[++this.#next];
    if (copy === undefined || unit < copy.from) return null;
    return { copy, begins: unit === copy.from, ends: unit === copy.to - 1 };
  }

  /**
   * Goes past units that are all copied.
   * @returns the copies that begin among them, and the one that the last of them belongs to
   */
  pass(units: number): PassedUnits | null {
    if (units === 0) return null;
    const begun: CopyRange[] = [];
    let copy = this.#copies[this.#next];
    const to = this.#unit + units;
    while (copy !== undefined && copy.from < to) {
      if (copy.from >= this.#unit) begun.push(copy);
      if (copy.to >= to) break;
      copy = this.#copies[++this.#next];
    }
    if (copy === undefined || copy.from >= to) throw new RangeError('units that are not copied were passed');
    this.#unit = to;
    return { begun, last: copy, ends: copy.to === to };
  }
}
