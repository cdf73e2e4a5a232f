import { readFile } from 'node:fs/promises';
import type { DifferenceRecorder, Settlement } from '../../../dumping/ledger/record-differences.ts';
import { writeFileAtomic } from '../../../publish/files/durable.ts';
import type { DayFolder } from '../day/day-folder.ts';

type Findings = Pick<Settlement, 'moves' | 'renamed'>;

interface StoredFindings {
  /** Page that was left, revision, page that it is on. */
  readonly moves: readonly (readonly [number, number, number])[];
  readonly renamed: Settlement['renamed'];
}

/** Keeps, for the stage that writes the records, what was known only at the end of the comparison. */
export async function keepFindings(folder: DayFolder, recorder: DifferenceRecorder): Promise<void> {
  const moves = [...recorder.moves()].flatMap(([from, ofPage]) =>
    [...ofPage].map(([id, to]) => [from, id, to] as const),
  );
  const stored: StoredFindings = { moves, renamed: recorder.renamed() };
  await writeFileAtomic(folder.findings, JSON.stringify(stored), { mode: 0o600 });
}

export async function readFindings(folder: DayFolder): Promise<Findings> {
  const { moves: stored, renamed } = JSON.parse(await readFile(folder.findings, 'utf8')) as StoredFindings;
  const moves = new Map<number, Map<number, number>>();
  for (const [from, id, to] of stored) {
    const ofPage = moves.get(from) ?? new Map<number, number>();
    moves.set(from, ofPage.set(id, to));
  }
  return { moves, renamed };
}
