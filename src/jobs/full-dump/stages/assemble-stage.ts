import { done, Stage, type StageOutcome } from '../../../control/stage.ts';
import { assembleMending } from '../content/assemble-mending.ts';
import { writeFileList } from '../content/file-list.ts';
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
    return done(await writeFileList(context, this.name, await assembleMending(context, 'first')));
  }
}
