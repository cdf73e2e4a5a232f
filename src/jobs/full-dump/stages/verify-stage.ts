import { done, Stage, type StageOutcome } from '../../../control/stage.ts';
import { readFileList } from '../content/file-list.ts';
import type { FullDumpContext } from '../run-folder.ts';
import type { FullDumpServices } from '../services.ts';
import { verifyXmlFiles } from '../verify/verify-files.ts';

/** Reads the assembled files back from the disk and compares them with what the pieces hold. */
export class VerifyStage extends Stage<FullDumpServices> {
  readonly name = 'verify';
  override readonly needs = ['assemble'];
  readonly deadlineMs: number;

  constructor(deadlineMs: number) {
    super();
    this.deadlineMs = deadlineMs;
  }

  async run(context: FullDumpContext): Promise<StageOutcome> {
    const files = await readFileList(context, 'assemble');
    await verifyXmlFiles(context, files);
    return done({ files: files.length });
  }
}
