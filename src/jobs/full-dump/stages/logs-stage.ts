import { done, doneWithErrors, held, Stage, type StageOutcome, skipped } from '../../../control/stage.ts';
import { makeLogFile } from '../logs/make-log-file.ts';
import type { FilesSummary } from '../made-file.ts';
import { publishEarly } from '../publication/publish-early.ts';
import { isPublishedBefore } from '../publication/publish-set.ts';
import type { FullDumpContext } from '../run-folder.ts';
import type { FullDumpServices } from '../services.ts';
import { verifyXmlFiles } from '../verify/verify-files.ts';

/** Looks and writes again at most so often; each time only because somebody hid an entry meanwhile. */
const mostLooks = 8;

/** Writes the public log, reads it back, looks once more at what was hidden meanwhile, and publishes it. */
export class LogsStage extends Stage<FullDumpServices> {
  readonly name = 'logs';
  override readonly needs = ['preflight'];
  override readonly retries = { tries: 4, backoffMs: 30_000 };
  readonly deadlineMs: number;

  constructor(deadlineMs: number) {
    super();
    this.deadlineMs = deadlineMs;
  }

  async run(context: FullDumpContext): Promise<StageOutcome> {
    if (await isPublishedBefore(context, 'logs')) return skipped('published by an earlier epoch');
    await context.services.status.start(context, ['logs']);
    const readAt = context.clock.now().toISOString();
    let made = await makeLogFile(context);
    await verifyXmlFiles(context, [made.file]);
    for (let look = 1; !(await made.isUnchanged()); look++) {
      if (look >= mostLooks) throw made.stillChanging();
      made = await makeLogFile(context);
      await verifyXmlFiles(context, [made.file]);
    }
    const summary: FilesSummary & { readonly unknownTypes: readonly string[] } = {
      files: [made.file],
      readAt,
      unknownTypes: made.unknownTypes,
    };
    const result = await publishEarly(context, 'logs', summary.files);
    if (result.state === 'held') return held(result.reason, summary);
    if (result.state === 'rejected') return doneWithErrors('the log was rejected', summary);
    return made.failed === 0
      ? done(summary)
      : doneWithErrors(`${made.failed} log entries lack rows`, summary);
  }
}
