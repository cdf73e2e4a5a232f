import type { Observation } from '../target/programs/observe.ts';

/**
 * The commit whose difference to the version is sent: the newest that both sides have; what the host serves before all
 * others, as most hosts serve the same and then get the same pack. Null: everything is sent.
 * @param ours commits that the deploy host has, newest first
 */
export function chooseBase(
  { commits, slots }: Pick<Observation, 'commits' | 'slots'>,
  served: string | null,
  ours: readonly string[],
): string | null {
  const first = served === null ? undefined : slots.get(served);
  return (
    [...(first === undefined ? [] : [first]), ...ours].find(
      (one) => ours.includes(one) && commits.has(one),
    ) ?? null
  );
}
