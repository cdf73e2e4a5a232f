import { join } from 'node:path';
import { done, Stage, type StageOutcome } from '../../../control/stage.ts';
import { makeFolder, writeFileAtomic } from '../../../publish/files/durable.ts';
import { changesPage, type WikiDays } from '../../../publish/pages/changes-page.ts';
import { readDays } from '../day/day-record.ts';
import { readMarks } from '../marks/marks.ts';
import type { ChangesContext, ChangesServices } from '../services.ts';

/** Writes `index.html`: of each wiki the latest good day, and what is missing since. */
export class IndexStage extends Stage<ChangesServices> {
  readonly name = 'index';
  override readonly retries = { tries: 4, backoffMs: 5_000 };
  readonly deadlineMs = 10 * 60_000;

  async run(context: ChangesContext): Promise<StageOutcome> {
    const { farm, records, trees } = context.services;
    const wikis: WikiDays[] = [];
    for (const { name, isPrivate, isClosed } of farm.wikis.values()) {
      if (isPrivate || isClosed) continue;
      const days = await readDays(records, name);
      const marks = await readMarks(records, name);
      const good = days.findLast((day) => day.manifest.status !== 'baseline')?.manifest ?? null;
      const known = new Set(days.map((day) => day.manifest.date));
      const oldest = days[0]?.manifest.date ?? '';
      const missing = marks.filter(({ date }) => date > oldest && !known.has(date)).map(({ date }) => date);
      wikis.push({ wiki: name, latest: good, missing });
    }
    const tree = trees.public;
    await makeFolder(tree.root, tree.folderMode);
    context.assertTrusted();
    const page = changesPage(wikis, { title: `${farm.name}: adds/changes dumps` });
    await writeFileAtomic(join(tree.root, 'index.html'), page, { mode: tree.fileMode });
    return done({ wikis: wikis.length });
  }
}
