import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { CarrySource } from '../../../dumping/piece/piece-spec.ts';
import { writeFileAtomic } from '../../../publish/files/durable.ts';
import type { PieceRange } from '../content/cut-pieces.ts';
import { type FullDumpContext, runFolder } from '../run-folder.ts';
import { wikiOf } from '../services.ts';

/** A lane's files of the date before that this date may take bundles from. */
export type PlannedSource = Pick<CarrySource, 'output' | 'format' | 'paths' | 'givesTexts'>;

/**
 * How the work of a date is cut and what it may take from the date before: fixed before the first piece is built, so that
 * a resumed run and helpers elsewhere build the same pieces.
 */
export interface CarryPlan {
  /** Null: this date is made from nothing. */
  readonly previousDate: string | null;
  /** How many dates were made one from the other, this one included; 0: from nothing. */
  readonly turn: number;
  readonly sources: readonly PlannedSource[];
  /** Why something of the date before is not used, one sentence each. */
  readonly refused: readonly string[];
  readonly pieces: readonly PieceRange[];
}

export async function readCarryPlan(context: FullDumpContext): Promise<CarryPlan | null> {
  const text = await readFile(planPath(context), 'utf8').catch(() => null);
  return text === null ? null : (JSON.parse(text) as CarryPlan);
}

export async function writeCarryPlan(context: FullDumpContext, plan: CarryPlan): Promise<void> {
  await context.assertCurrent();
  await writeFileAtomic(planPath(context), JSON.stringify(plan), { mode: 0o600 });
}

/** Where the lines of a lane's index lie that a piece may need. */
export function piecesLines(
  context: FullDumpContext,
  source: Pick<PlannedSource, 'output' | 'format'>,
  piece: number,
): string {
  return join(runFolder(context).carry, `${source.output}.${source.format}`, `${piece}.jsonl`);
}

/** What a piece is told of the date before. */
export async function carrySources(context: FullDumpContext, piece: number): Promise<readonly CarrySource[]> {
  const plan = await readCarryPlan(context);
  const { recheck } = wikiOf(context.services, context.run.subject).fullDump.carryOver;
  return (plan?.sources ?? []).map((source) => ({
    ...source,
    bundlesFile: piecesLines(context, source, piece),
    recheck,
    turn: plan?.turn ?? 0,
  }));
}

function planPath(context: FullDumpContext): string {
  return join(runFolder(context).carry, 'plan.json');
}
