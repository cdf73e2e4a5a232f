import { done, type PieceLease, Stage, type StageOutcome } from '../../../control/stage.ts';
import type { PieceResult } from '../../../control/store/run-view.ts';
import type { CarryReport } from '../../../dumping/piece/piece-spec.ts';
import { SpoolReader } from '../../../dumping/spool/spool-reader.ts';
import { freezeCarryPlan } from '../carry/freeze-carry-plan.ts';
import { sumCarried } from '../carry/sum-carried.ts';
import { buildPiece } from '../content/build-piece.ts';
import { pieceId } from '../content/committed-pieces.ts';
import type { PieceRange } from '../content/cut-pieces.ts';
import { contentSets } from '../content/lanes.ts';
import { type FullDumpContext, runFolder } from '../run-folder.ts';
import { type FullDumpServices, wikiOf } from '../services.ts';
import { freezeCuts } from '../split/freeze-cuts.ts';

/** Builds stubs, articles, current and history at once, piece by piece, from the spool and the wiki's texts. */
export class ContentStage extends Stage<FullDumpServices> {
  readonly name = 'content';
  override readonly needs = ['spool'];
  override readonly retries = { tries: 4, backoffMs: 30_000 };
  override readonly pieceConcurrency: number;
  readonly deadlineMs: number;

  constructor(options: { readonly deadlineMs: number; readonly threads: number }) {
    super();
    this.deadlineMs = options.deadlineMs;
    this.pieceConcurrency = options.threads;
  }

  async run(context: FullDumpContext): Promise<StageOutcome> {
    const { services } = context;
    const settings = wikiOf(services, context.run.subject).fullDump;
    await services.status.start(context, contentSets(settings));
    using spool = SpoolReader.open(runFolder(context).spool);
    await freezeCuts(context);
    const { pieces: ranges, previousDate, refused } = await freezeCarryPlan(context, spool);
    await context.pieces.define(
      ranges.map((range, index) => ({ id: pieceId(index), weight: range.contentBytes, data: range })),
    );
    const finished = (await context.pieces.list()).filter((view) => view.committed !== undefined);
    const before = finished.reduce((sum, view) => sum + (view.data as PieceRange).revisions, 0);
    services.meter.start(spool.manifest.revisions, before);
    const pieces = await context.pieces.runAll();
    // Their memory is better used by the stages that follow.
    await services.threads.close();
    const results = pieces.map((committed) => committed.result as PieceCounts);
    const sum = (of: (result: PieceCounts) => number) =>
      results.reduce((total, result) => total + of(result), 0);
    return done({
      pieces: pieces.length,
      revisions: sum((result) => result.revisions),
      rawBytes: sum((result) => result.rawBytes),
      failed: sum((result) => result.failed),
      previousDate,
      refused: [...refused, ...refusedByPieces(results.map((result) => result.carry.refused))],
      carried: sumCarried(results.map((result) => result.carry)),
    });
  }

  override async runPiece(context: FullDumpContext, piece: PieceLease): Promise<PieceResult> {
    const { report: _report, ...result } = await buildPiece(context, {
      range: piece.data as PieceRange,
      folder: piece.folder,
      folderName: piece.folderName,
      signal: piece.signal,
      counted: true,
    });
    return result;
  }
}

/** A summary is read as a whole: of a broken disk a few lines are enough. */
function refusedByPieces(refused: readonly (readonly string[])[]): readonly string[] {
  return refused.flat().slice(0, 20);
}

interface PieceCounts {
  readonly revisions: number;
  readonly rawBytes: number;
  readonly failed: number;
  readonly carry: CarryReport;
}
