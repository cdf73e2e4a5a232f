import type { Fence } from './fence.ts';

/** The place on a host that a program works on. */
export interface TargetSite {
  /** The path that is deployed, the host's root before it. */
  readonly path: string;
  readonly deadlineMs: number;
}

export interface FencedSite extends TargetSite {
  readonly fence: Fence;
}
