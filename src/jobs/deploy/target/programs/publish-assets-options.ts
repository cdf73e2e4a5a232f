import { fenceArgs } from '../fence.ts';
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

/** What the programs of both transports are given. */
export function assetArgs(p: PublishAssetsOptions): readonly string[] {
  return [
    p.path,
    ...fenceArgs(p.fence),
    p.commit,
    p.hash,
    String(p.seconds),
    String(p.keep),
    p.prove ? 'yes' : 'no',
    ...p.paths,
  ];
}
