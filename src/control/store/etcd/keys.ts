import type { RunId } from '../../../core/ids.ts';
import type { RunState } from '../../../core/run-state.ts';
import type { PieceScope } from '../run-store.ts';

/**
 * Where things are, below the store's prefix. Every name of a key's part is either checked (runs, see core/ids.ts) or
 * escaped here, so that no prefix of one thing is a prefix of another's.
 */
const encoded = encodeURIComponent;

/** Sorts as the number does: 16 digits, enough for milliseconds and weights. */
function digits(n: number): string {
  return String(Math.trunc(n)).padStart(16, '0');
}

export const keys = {
  generation: 'meta/generation',
  format: 'meta/format',
  exit: 'meta/exit',
  /** There while a store is moved here; nobody opens it then. */
  importing: 'meta/importing',
  /** See Connection.commit. */
  commit: (mark: string) => `commit/${mark}`,
  commits: 'commit/',

  /** Bound to an etcd lease; its value is the token: the fence compares it. */
  lease: (leaseKey: string) => `lease/${leaseKey}`,
  leases: 'lease/',
  runLeases: 'lease/run/',
  subjectLeases: 'lease/subject/',
  /** Counter and last holder of a lease; stays when the lease ends, because the counter must never fall. */
  fence: (leaseKey: string) => `fence/${leaseKey}`,
  fences: 'fence/',

  run: (id: RunId) => `run/${id}`,
  runsOf: (job: string, subject?: string) =>
    subject === undefined ? `run/${job}/` : `run/${job}/${subject}/`,
  runs: 'run/',
  /** Compared by what belongs to an epoch: pieces. */
  epoch: (id: RunId) => `epoch/${id}`,
  stage: (id: RunId, epoch: number, name: string) => `stage/${id}/${epoch}/${encoded(name)}`,
  stagesOf: (id: RunId, epoch?: number) => (epoch === undefined ? `stage/${id}/` : `stage/${id}/${epoch}/`),
  transition: (id: RunId, number: number) => `log/${id}/${digits(number)}`,
  transitionsOf: (id: RunId) => `log/${id}/`,

  subject: (job: string, subject: string) => `subject/${job}/${subject}`,
  subjectsOf: (job: string) => `subject/${job}/`,
  /** Subjects with open runs, in the order of claims; rank 0 never done, 1 failed last, 2 done last. */
  turn: (job: string, rank: number, rankAtMs: number, subject: string) =>
    `turn/${job}/${rank}/${digits(rankAtMs)}/${subject}`,
  turnsOf: (job: string) => `turn/${job}/`,
  /** Runs by state, oldest first. */
  inState: (state: RunState, createdMs: number, id: RunId) => `state/${state}/${digits(createdMs)}/${id}`,
  state: (state: RunState) => `state/${state}/`,
  ended: (endedMs: number, id: RunId) => `ended/${digits(endedMs)}/${id}`,
  endedRuns: 'ended/',
  endedBefore: (ms: number) => `ended/${digits(ms)}/`,

  /** Bound to the lease of the run that occupies it. */
  slot: (slot: string, place: string) => `slot/${encoded(slot)}/${place}`,
  slots: 'slot/',
  pause: (scope: string) => `pause/${encoded(scope)}`,
  pauses: 'pause/',

  cut: (p: PieceScope) => `cut/${p.run}/${p.epoch}/${encoded(p.stage)}`,
  cutsOf: (id: RunId) => `cut/${id}/`,
  piece: (p: PieceScope, id: string) => `piece/${p.run}/${p.epoch}/${encoded(p.stage)}/${encoded(id)}`,
  pieces: (p: PieceScope) => `piece/${p.run}/${p.epoch}/${encoded(p.stage)}/`,
  piecesOf: (id: RunId) => `piece/${id}/`,
  /** Open pieces, heaviest first. */
  openPiece: (p: PieceScope, weight: number, position: number) =>
    `open/${p.run}/${p.epoch}/${encoded(p.stage)}/${digits(9e15 - Math.min(9e15, weight * 1000))}/${digits(position)}`,
  openPieces: (p: PieceScope) => `open/${p.run}/${p.epoch}/${encoded(p.stage)}/`,
  openPiecesOf: (id: RunId) => `open/${id}/`,
  pieceLease: (p: PieceScope, piece: string) =>
    `lease/piece/${p.run}/${p.epoch}/${encoded(p.stage)}/${encoded(piece)}`,
  pieceLeases: (p: PieceScope) => `lease/piece/${p.run}/${p.epoch}/${encoded(p.stage)}/`,

  pointer: (key: string) => `pointer/${key}`,
  /** Parts of a pointer's value that is too large for one request. */
  pointerParts: (key: string) => `part/${encoded(key)}/`,
  pointerPart: (key: string, version: string, number: number) =>
    `part/${encoded(key)}/${version}/${digits(number)}`,
  due: (key: string) => `due/${key}`,
} as const;

/** The run that an index's key ends with. */
export function runOfKey(key: string): RunId {
  return key.split('/').slice(-3).join('/') as RunId;
}
