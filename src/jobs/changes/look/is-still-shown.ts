import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { SpoolReader } from '../../../dumping/spool/spool-reader.ts';
import { openWiki, type WikiReading, wikiAccess } from '../../../dumping/wiki-access.ts';
import type { PageChange } from '../../../export/changes/page-change.ts';
import { readRevisionVisibility } from '../../../mediawiki/metadata/read-visibility.ts';
import { deletedBit } from '../../../mediawiki/record/revision-record.ts';
import { dayFolder } from '../day/day-folder.ts';
import { type ChangesContext, wikiOf } from '../services.ts';
import type { StateSummary } from '../state/read-state.ts';

/** A revision that the day shows: what of it was hidden already. */
interface Shown {
  readonly id: number;
  readonly hidden: number;
}

const batchSize = 5000;

/**
 * Whether everything that a day shows may be shown still: its revisions with texts, and those whose markup stands in its
 * records. One that moved to another page is public as before; what became visible is told by the next day.
 * Memory: a chunk of the spool.
 */
export async function isStillShown(context: ChangesContext, state: StateSummary): Promise<boolean> {
  if (state.plan.previousMark === null) return true;
  const { services, run, signal, log } = context;
  const folder = dayFolder(context);
  await using reading = await openWiki(wikiAccess(wikiOf(services, run.subject)), { log, signal });
  for (const spoolFolder of [folder.increment, folder.restored]) {
    using spool = SpoolReader.open(spoolFolder);
    for (const index of spool.manifest.entries.keys()) {
      signal.throwIfAborted();
      const shown = spool
        .chunk(index)
        .parts.flatMap((part) => part.revisions.map(({ id, deleted }) => ({ id, hidden: deleted })));
      if (!(await areShown(reading, shown, signal))) return false;
    }
  }
  if (state.ledgers === null || state.plan.bases.length === 0) return true;
  let batch: Shown[] = [];
  for await (const line of createInterface({ input: createReadStream(folder.found), crlfDelay: Infinity })) {
    if (!line.startsWith('{"kind":"rev-meta"')) continue;
    const change = JSON.parse(line) as Extract<PageChange, { kind: 'rev-meta' }>;
    batch.push({ id: change.rev, hidden: hiddenIn(change.xml) });
    if (batch.length < batchSize) continue;
    if (!(await areShown(reading, batch, signal))) return false;
    batch = [];
  }
  return await areShown(reading, batch, signal);
}

async function areShown(
  { connection, schema }: WikiReading,
  shown: readonly Shown[],
  signal: AbortSignal,
): Promise<boolean> {
  const ids = shown.map(({ id }) => id);
  const now = await readRevisionVisibility(connection, schema, ids, signal);
  return shown.every(({ id, hidden }) => {
    const bits = now.get(id);
    return bits !== undefined && (bits & ~hidden & allBits) === 0;
  });
}

const allBits = deletedBit.text | deletedBit.comment | deletedBit.user;

/** What is hidden in a revision as it is printed; a comment that is empty has nothing to hide. */
function hiddenIn(xml: string): number {
  return (
    (xml.includes('<contributor deleted="deleted"') ? deletedBit.user : 0) |
    (xml.includes('<comment>') ? 0 : deletedBit.comment) |
    (/<text [^>]*deleted="deleted"/.test(xml) ? deletedBit.text : 0)
  );
}
