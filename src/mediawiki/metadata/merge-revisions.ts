import type { RevisionProblem, RevisionRecord, SlotRecord } from '../record/revision-record.ts';

/** What a revision may lack, in the order in which it is told. */
const problemOrder: readonly RevisionProblem[] = [
  'role-unknown',
  'content-missing',
  'model-unknown',
  'slot-missing',
  'main-slot-missing',
  'actor-missing',
  'comment-missing',
  'timestamp-invalid',
];

/** Two rows of one revision, which differ in their slots only, as one: main slot first, the others by role. */
export function mergeRevisions(one: RevisionRecord, other: RevisionRecord): RevisionRecord {
  const slots = [...one.slots, ...other.slots].sort(bySlotOrder);
  const problems = new Set([...one.problems, ...other.problems]);
  // Each row by itself was asked for the main slot.
  problems.delete('main-slot-missing');
  if (slots[0]?.role !== 'main') problems.add('main-slot-missing');
  return { ...one, slots, problems: problemOrder.filter((problem) => problems.has(problem)) };
}

function bySlotOrder(a: SlotRecord, b: SlotRecord): number {
  if (a.role === 'main') return b.role === 'main' ? 0 : -1;
  if (b.role === 'main') return 1;
  return a.role < b.role ? -1 : a.role > b.role ? 1 : 0;
}
