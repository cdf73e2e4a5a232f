import type { RunId } from '../../core/ids.ts';
import type {
  FenceRecord,
  PauseRecord,
  PieceRecord,
  RunRecord,
  StageRecord,
  SubjectRecord,
  TransitionRecord,
} from './stored-records.ts';

/** Everything that a store holds, one thing at a time, for moving it to another. Leases do not move: they end. */
export type StoredThing =
  | { readonly kind: 'generation'; readonly generation: number }
  | { readonly kind: 'exit'; readonly by: string }
  | { readonly kind: 'fence'; readonly key: string; readonly fence: FenceRecord }
  | { readonly kind: 'subject'; readonly subject: SubjectRecord }
  | { readonly kind: 'run'; readonly run: RunRecord }
  | { readonly kind: 'stage'; readonly run: RunId; readonly epoch: number; readonly stage: StageRecord }
  | {
      readonly kind: 'transition';
      readonly run: RunId;
      readonly number: number;
      readonly transition: TransitionRecord;
    }
  | {
      readonly kind: 'pieces';
      readonly run: RunId;
      readonly epoch: number;
      readonly stage: string;
      readonly pieces: readonly PieceRecord[];
    }
  | {
      readonly kind: 'pointer';
      readonly key: string;
      readonly json: string;
      readonly token: string;
      readonly at: number;
    }
  | { readonly kind: 'due'; readonly key: string; readonly at: number }
  | { readonly kind: 'pause'; readonly pause: PauseRecord };
