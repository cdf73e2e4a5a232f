import type { Holder } from './store/lease.ts';
import { byHand, type WaitReason, wholeRun } from './store/run-view.ts';

/** What a run waits for, as part of a sentence. */
export function describeWait(reason: WaitReason): string {
  switch (reason.kind) {
    case 'lease':
      return `${describeHolder(reason.holder)} works on it`;
    case 'other-date':
      return `${describeHolder(reason.holder)} works on ${reason.run} of the same subject`;
    case 'subject':
      return `${describeHolder(reason.holder)} works on what its subject has published`;
    case 'older-date':
      return `the older date ${reason.run} (${reason.state}) goes first`;
    case 'retry':
      return `it is tried again at ${reason.at.toISOString()}${reason.error === undefined ? '' : ` after ${reason.error.code}: ${reason.error.message}`}`;
    case 'paused':
      return reason.scope === 'maintenance' ? 'maintenance mode is on' : `${reason.scope} is paused`;
    case 'held':
      return `${heldPart(reason.sets)} is held for approval (${reason.reason})`;
    case 'need-run':
      return `it needs ${reason.run}, which ${reason.state === undefined ? 'does not exist yet' : `is ${reason.state}`}`;
    case 'slot':
      return `all ${reason.limit} slots of ${reason.slot} are taken by ${reason.holders.join(', ') || 'no one (the limit is 0)'}`;
    case 'ended':
      return `it is ${reason.state}${reason.error === undefined ? (reason.reason === undefined ? '' : ` (${reason.reason})`) : ` (${reason.error.code}: ${reason.error.message})`}`;
  }
}

function heldPart(sets: readonly string[]): string {
  const isWhole = sets.length === 0 || sets.includes(wholeRun) || sets.includes(byHand);
  return isWhole ? 'it' : `its ${sets.join(', ')}`;
}

export function describeHolder(holder: Holder): string {
  return `process ${holder.pid} on ${holder.host} (since ${holder.startedAt.toISOString()})`;
}
