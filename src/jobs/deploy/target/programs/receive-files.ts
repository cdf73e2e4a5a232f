import { type Fence, fenceArgs } from '../fence.ts';
import { listing } from '../listing.ts';
import { guard, prelude } from '../prelude.ts';
import type { TargetProgram } from '../target-program.ts';
import type { FencedSite } from '../target-site.ts';
import { findRecyclable } from './recyclable.ts';

export interface ReceiveFilesOptions extends FencedSite {
  readonly keep: number;
  readonly minAgeMs: number;
  readonly unseenProcesses: 'in-use' | 'ignore';
}

/** Where a deployer's rsync writes. Every one has a folder of its own: what is left of one that was replaced writes elsewhere. */
export function makingName(fence: Fence): string {
  return `making.${fence.generation}.${fence.counter}`;
}

/** Where the lists of a version lie until it is proven. */
export function listPath(path: string, digest: string, kind: 'tree' | 'hashes'): string {
  return `${path}-cache/incoming/${digest}.${kind}`;
}

/**
 * Makes a folder ready to be made the version by rsync: what another deployer left, else a retired slot, else an empty one. Says what is
 * served, from which rsync takes files that are the same.
 */
export function receiveFiles(p: ReceiveFilesOptions): TargetProgram {
  return {
    name: 'receive',
    args: [
      p.path,
      ...fenceArgs(p.fence),
      makingName(p.fence),
      String(p.keep),
      String(Math.ceil(p.minAgeMs / 1000)),
      p.unseenProcesses,
    ],
    deadlineMs: p.deadlineMs,
    mutates: true,
    script: `${prelude}${guard}${listing}${findRecyclable}making=$1 keep=$2 age=$3 unseen=$4
mkdir -p "$C/incoming"
for one in "$R"/making.*; do
[ -d "$one" ] && [ "$one" != "$R/$making" ] || continue
if [ -d "$R/$making" ]; then rm -rf "$one"; else mv -T "$one" "$R/$making"; fi
done
if [ ! -d "$R/$making" ]; then
old=$(recyclable "$keep" "$age" "$unseen")
if [ -z "$old" ] && [ -d "$R/spare" ]; then old=spare; fi
if [ -n "$old" ]; then unslot "$old"; mv -T "$R/$old" "$R/$making"; else mkdir "$R/$making"; fi
fi
live
`,
  };
}
