import { done, Stage, type StageOutcome } from '../../../control/stage.ts';
import { assembleMending } from '../content/assemble-mending.ts';
import type { FilesSummary } from '../made-file.ts';
import type { FullDumpContext } from '../run-folder.ts';
import type { FullDumpServices } from '../services.ts';

/** Joins the pieces' compressed parts into the dump's files, without recompressing, and takes their checksums. */
export class AssembleStage extends Stage<FullDumpServices> {
  readonly name = 'assemble';
  override readonly needs = ['content'];
  readonly deadlineMs: number;

  constructor(deadlineMs: number) {
    super();
    this.deadlineMs = deadlineMs;
  }

  async run(context: FullDumpContext): Promise<StageOutcome> {
    const summary: FilesSummary = { files: await assembleMending(context, 'first') };
    return done(summary);
  }
}
