/** From the first second to before the second one; `forever` while it lasts. Seconds since 1970, UTC. */
export interface Interval {
  readonly from: number;
  readonly to: number;
}

/** The end of what still lasts: the largest number of four bytes. */
export const forever = 4_294_967_295;
