import { join } from 'node:path';
import * as z from 'zod';
import { done, Stage, type StageOutcome } from '../../../control/stage.ts';
import { openWiki, wikiAccess } from '../../../dumping/wiki-access.ts';
import { writeFileAtomic } from '../../../publish/files/durable.ts';
import { findMark } from '../marks/find-mark.ts';
import { type Mark, markKey, readMarks } from '../marks/marks.ts';
import { type ChangesContext, type ChangesServices, wikiOf } from '../services.ts';
import { showLock } from '../shown-lock.ts';

const parameters = z.object({ dueAt: z.iso.datetime().optional() });

/** Takes down the greatest revision id of the wiki, or for a missed day the one that it would have been. */
export class MarkStage extends Stage<ChangesServices> {
  readonly name = 'mark';
  override readonly retries = { tries: 4, backoffMs: 5_000 };
  readonly deadlineMs = 60 * 60_000;

  async run(context: ChangesContext): Promise<StageOutcome> {
    const { services, run, log } = context;
    const wiki = wikiOf(services, run.subject);
    const marks = await readMarks(services.records, wiki.name);
    // A mark is never taken again: what was dumped up to it would not fit any more.
    const known = marks.find((mark) => mark.date === run.date);
    await using _lock = await showLock(context, 'maxrevid');
    const mark = known ?? (await this.#take(context, marks));
    if (known === undefined) await context.commitPointer(markKey(wiki.name, run.date), mark);
    const tree = services.trees.public;
    const path = join(tree.dateFolder(wiki.name, run.date), 'maxrevid.txt');
    context.assertTrusted();
    await writeFileAtomic(path, String(mark.revisionId), { mode: tree.fileMode });
    if (mark.estimated) log.info({ ...mark }, `the mark of ${wiki.name} of ${run.date} is estimated`);
    return done({ revisionId: mark.revisionId, estimated: mark.estimated });
  }

  async #take(context: ChangesContext, marks: Awaited<ReturnType<typeof readMarks>>): Promise<Mark> {
    const { services, run, signal, log, clock } = context;
    const { dueAt } = parameters.parse(run.parameters ?? {});
    await using reading = await openWiki(wikiAccess(wikiOf(services, run.subject)), { log, signal });
    const now = clock.now();
    const found = await findMark(
      reading,
      { date: run.date, dueAt: dueAt === undefined ? run.dueAt : new Date(dueAt), now, marks },
      signal,
    );
    return { version: 1, takenAt: now.toISOString(), ...found };
  }
}
