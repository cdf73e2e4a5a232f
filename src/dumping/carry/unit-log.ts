import { createHash } from 'node:crypto';
import type { BundleUnits } from '../piece/piece-spec.ts';
import type { Position } from './position.ts';
import type { UnitDigest } from './unit-digest.ts';

interface Unit {
  readonly at: number;
  readonly position: Position;
  readonly digest: UnitDigest;
}

/** The units in a lane's buffer, by offset, so that a bundle cut anywhere tells what it holds. */
export class UnitLog {
  #units: Unit[] = [];

  /** @param at where the unit begins in the buffer */
  add(at: number, position: Position, digest: UnitDigest): void {
    this.#units.push({ at, position, digest });
  }

  /** Takes those of the first `bytes` out. */
  take(bytes: number): BundleUnits | null {
    let count = this.#units.length;
    while (count > 0 && (this.#units[count - 1]?.at ?? 0) >= bytes) count -= 1;
    const taken = this.#units.slice(0, count);
    this.#units = this.#units.slice(count).map((unit) => ({ ...unit, at: unit.at - bytes }));
    const [first] = taken;
    if (first === undefined) return null;
    const without = taken.flatMap(({ digest, position }) => (digest === null ? [position[1]] : []));
    return {
      from: first.position,
      count,
      digest: without.length > 0 ? null : digestOf(taken),
      ...(without.length > 0 ? { without } : {}),
    };
  }
}

function digestOf(units: readonly Unit[]): string {
  const hash = createHash('sha256');
  for (const { digest } of units) if (digest !== null) hash.update(digest, 'latin1');
  return hash.digest('hex');
}
