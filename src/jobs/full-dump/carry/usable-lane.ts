import type { LaneSpec } from '../../../dumping/piece/piece-spec.ts';
import type { IndexFile } from './index-reader.ts';

/** A lane of the date before that passed all checks. */
export interface UsableLane extends LaneSpec {
  readonly paths: readonly string[];
  readonly indexes: readonly IndexFile[];
  readonly turn: number;
}
