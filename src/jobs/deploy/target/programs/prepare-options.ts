import type { ContentEntry } from '../../content/host-content.ts';
import type { FencedSite } from '../target-site.ts';

export interface PrepareOptions extends FencedSite {
  readonly slot: string;
  readonly commit: string;
  /** VERSION.json */
  readonly description: Uint8Array;
  /** What the host keeps of the deployment. */
  readonly record: Uint8Array;
  readonly keep: number;
  readonly minAgeMs: number;
  readonly unseenProcesses: 'in-use' | 'ignore';
  /** What lies beside the version; null: the slot must be there as it is, nothing is made. */
  readonly content: readonly ContentEntry[] | null;
  /** Where hosts hold files without git: the lists that prove them. */
  readonly manifest?: { readonly digest: string; readonly version: string; readonly isLastTry: boolean };
}
