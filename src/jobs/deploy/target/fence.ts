/** What a deployer shows on every target before it changes anything there. */
export interface Fence {
  /** Identifies the run store: the tokens of two stores cannot be compared. */
  readonly store: string;
  readonly generation: number;
  readonly counter: number;
}

/** @param token of the run's lease: `<generation>.<counter>` */
export function fenceOf(store: string, token: string): Fence {
  const [generation, counter] = token.split('.').map(Number);
  if (generation === undefined || counter === undefined || !/^\d+\.\d+$/.test(token)) {
    throw new TypeError(`${token} is no token`);
  }
  return { store, generation, counter };
}

export function fenceArgs(fence: Fence): readonly string[] {
  return [fence.store, String(fence.generation), String(fence.counter)];
}
