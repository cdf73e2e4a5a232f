import { join } from 'node:path';
import type { FarmConfig } from '../../../config/farm-config.ts';
import { makeFolder, writeFileAtomic } from '../../../publish/files/durable.ts';
import { changesPage, type WikiDays } from '../../../publish/pages/changes-page.ts';
import type { Tree } from '../../../publish/workspace/tree.ts';
import type { RunRecords } from '../../definition/job-definition.ts';
import { readDays } from '../day/day-record.ts';
import { readMarks } from '../marks/marks.ts';

export interface IndexSources {
  readonly farm: FarmConfig;
  readonly records: Pick<RunRecords, 'listPointers'>;
  /** The public tree of the days. */
  readonly tree: Tree;
  /** Asked right before the page is written. */
  assertTrusted(): void;
}

/** Writes `index.html` with the latest good day of each open and public wiki, and what is missing since. */
export async function writeChangesIndex(sources: IndexSources): Promise<number> {
  const { farm, records, tree } = sources;
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
  await makeFolder(tree.root, tree.folderMode);
  sources.assertTrusted();
  const page = changesPage(wikis, { title: `${farm.name}: adds/changes dumps` });
  await writeFileAtomic(join(tree.root, 'index.html'), page, { mode: tree.fileMode });
  return wikis.length;
}
