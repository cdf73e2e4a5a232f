import type { FencedSite } from '../target-site.ts';

export interface PublishAssetsOptions extends FencedSite {
  readonly commit: string;
  /** Names the state of the assets: the same files have the same. */
  readonly hash: string;
  /** Of the version: every host gives a file the same time, and so the same ETag. */
  readonly seconds: number;
  readonly paths: readonly string[];
  /** How many states stay. */
  readonly keep: number;
  /** Whether every file of a state that is there already is read, and restored where it differs. */
  readonly prove: boolean;
}
