import type { Fence } from './fence.ts';

/** The place on a host that a program works on. */
export interface TargetSite {
  /** The path that is deployed, the host's root before it. */
  readonly path: string;
  readonly deadlineMs: number;
  /** What a version is known by there: git's repository and index (also when left out), or lists of files that rsync brought. */
  readonly holds?: 'git' | 'files';
}

export interface FencedSite extends TargetSite {
  readonly fence: Fence;
}
