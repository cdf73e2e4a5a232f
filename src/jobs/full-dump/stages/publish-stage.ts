import { done, doneWithErrors, held, Stage, type StageOutcome } from '../../../control/stage.ts';
import { RotaError } from '../../../core/errors/rota-error.ts';
import type { DumpSet } from '../../../publish/dump-catalogue/dump-output.ts';
import { readPieces } from '../content/committed-pieces.ts';
import { readFileList } from '../content/file-list.ts';
import { contentSets } from '../content/lanes.ts';
import { doubtsOf, failuresOf, writeFailedRevisions } from '../failed/failed-revisions.ts';
import type { FilesSummary, MadeFile } from '../made-file.ts';
import { publishesEarly, publishSet } from '../publication/publish-set.ts';
import { parseRedactionOrder, redactionKey } from '../redaction/redaction-order.ts';
import type { FullDumpContext } from '../run-folder.ts';
import { type FullDumpServices, wikiOf } from '../services.ts';
import type { LastLookSummary } from './last-look-stage.ts';

/** Publishes the content sets (with `publish: whole` all sets), each by its own publication, and the list of failures. */
export class PublishStage extends Stage<FullDumpServices> {
  readonly name = 'publish';
  override readonly retries = { tries: 4, backoffMs: 15_000 };
  readonly deadlineMs = 6 * 3_600_000;
  override readonly needs: readonly string[];

  constructor(needs: readonly string[]) {
    super();
    this.needs = needs;
  }

  async run(context: FullDumpContext): Promise<StageOutcome> {
    const { fullDump } = wikiOf(context.services, context.run.subject);
    const content = contentSets(fullDump);
    await refuseOlderThanRedaction(context, content);
    const failures = content.length === 0 ? [] : failuresOf(await readPieces(context));
    const doubts = doubtsOf(failures, fullDump.tolerance);
    await writeFailedRevisions(context, failures);
    const heldSets: string[] = [];
    const rejected: string[] = [];
    for (const [set, files] of await this.#setsToPublish(context, content)) {
      const result = await publishSet(context, set, files, content.includes(set) ? doubts : []);
      if (result.state === 'held') heldSets.push(`${set}: ${result.reason}`);
      if (result.state === 'rejected') rejected.push(set);
    }
    const summary = { failures: failures.length, held: heldSets.length, rejected };
    if (heldSets.length > 0) return held(heldSets.join('; '), summary);
    const errors = [
      ...(failures.length > 0 ? [`${failures.length} faults in revisions, see failed-revisions.json`] : []),
      ...(rejected.length > 0 ? [`rejected: ${rejected.join(', ')}`] : []),
    ];
    return errors.length > 0 ? doneWithErrors(errors.join('; '), summary) : done(summary);
  }

  async #setsToPublish(
    context: FullDumpContext,
    content: readonly DumpSet[],
  ): Promise<ReadonlyMap<DumpSet, readonly MadeFile[]>> {
    const sets = new Map<DumpSet, MadeFile[]>();
    const add = (files: readonly MadeFile[]) => {
      for (const file of files) sets.set(file.set, [...(sets.get(file.set) ?? []), file]);
    };
    if (!publishesEarly(context)) {
      for (const stage of ['lists', 'tables', 'logs']) {
        add(((await context.summaryOf(stage)) as FilesSummary | undefined)?.files ?? []);
      }
    }
    if (content.length > 0) add(await readFileList(context, 'last-look'));
    add(((await context.summaryOf('ledger')) as FilesSummary | undefined)?.files ?? []);
    return sets;
  }
}

/** A run that lay about while revisions were redacted may hold them still: it has to look once more. */
async function refuseOlderThanRedaction(
  context: FullDumpContext,
  content: readonly DumpSet[],
): Promise<void> {
  if (content.length === 0) return;
  const { subject: wiki, date, id } = context.run;
  const key = redactionKey(wiki);
  const order = parseRedactionOrder(key, await context.readPointer(key));
  const { lookedAt } = (await context.summaryOf('last-look')) as LastLookSummary;
  if (order === null || order.at < lookedAt) return;
  throw new RotaError(
    'REDACTED_SINCE',
    `revisions of ${wiki} were redacted on ${order.at}, after ${id} had looked at what is visible; let it look again: rota dump ${wiki} --date ${date} --from-stage last-look`,
    { facts: { run: id } },
  );
}
