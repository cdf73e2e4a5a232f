import type { Clock } from '../../../core/clock.ts';
import type { SpoolConsistency } from '../../../dumping/spool/spool-manifest.ts';
import type { WikiReading } from '../../../dumping/wiki-access.ts';
import { greatestLogId } from '../../../mediawiki/metadata/read-logs.ts';
import { readEncodedPages } from '../../../mediawiki/metadata/read-pages.ts';
import { decodeChunk, encodeChunk } from '../../../mediawiki/record/chunk-codec.ts';
import type { EncodedChunk } from '../../../mediawiki/record/page-part.ts';
import { noPrint } from '../../../mediawiki/record/page-print.ts';
import { tableName } from '../../../mediawiki/schema/table-name.ts';
import type { Redirects } from '../../../mediawiki/title/redirects.ts';
import { IdSet } from './id-set.ts';

export interface ReadSnapshotsOptions {
  /** Above so many revisions a new snapshot begins at the next page. */
  readonly perRangeRevisions: number;
  /** Chunks are no larger than this, so that pieces can be as small as is asked for. */
  readonly piece: { readonly rawBytes: number; readonly revisions: number };
  readonly redirects: Redirects;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  onChunk(chunk: EncodedChunk): Promise<void>;
}

export interface SnapshotsRead {
  readonly consistency: SpoolConsistency;
  readonly doubled: readonly number[];
  readonly greatestPageId: number;
  /** When the first snapshot was taken. */
  readonly greatestLogId: number;
}

const chunkRevisions = 2_000;
const chunkBytes = 8 << 20;

interface Range {
  readonly fromPage: number;
  readonly at: string;
  readonly greatestRevisionId: number;
}

/**
 * Reads the whole wiki from one snapshot; a wiki with more revisions than a snapshot should be held open for, from one
 * a range of pages. Between ranges a revision can move to another page (history merge): its second appearance is left
 * out and told. The last snapshot is still open when this returns.
 */
export async function readSnapshots(
  reading: WikiReading,
  options: ReadSnapshotsOptions,
): Promise<SnapshotsRead> {
  const { connection, schema } = reading;
  const ranges: Range[] = [];
  const seen = new IdSet();
  const doubled: number[] = [];
  const changedPages = new Set<number>();
  let greatestPageId = 0;
  let firstLogId: number | null = null;
  for (let fromPage = 0; ; ) {
    const snapshot = await connection.beginSnapshot(options.signal);
    const greatestRevisionId = await maxRevisionId(reading);
    firstLogId ??= await greatestLogId(connection, schema, options.signal);
    ranges.push({ fromPage, at: snapshot.takenAt.toISOString(), greatestRevisionId });
    const isFirstOfSeveral = greatestRevisionId > options.perRangeRevisions;
    let revisions = 0;
    let next: number | null = null;
    for await (const chunk of readEncodedPages(connection, schema, {
      fromPage,
      redirects: options.redirects,
      targetChunkRevisions: Math.min(chunkRevisions, options.piece.revisions, options.perRangeRevisions),
      targetChunkBytes: Math.min(chunkBytes, options.piece.rawBytes),
      prints: true,
      signal: options.signal,
    })) {
      const fresh =
        isFirstOfSeveral || ranges.length > 1
          ? withoutDoubles(chunk, { seen, doubled, changedPages })
          : chunk;
      await options.onChunk(fresh);
      revisions += chunk.revisionCount;
      greatestPageId = Math.max(greatestPageId, chunk.lastPageId);
      if (revisions < options.perRangeRevisions || !chunk.endsPage) continue;
      next = chunk.lastPageId + 1;
      break;
    }
    if (next === null) break;
    fromPage = next;
  }
  return { consistency: consistencyOf(ranges), doubled, greatestPageId, greatestLogId: firstLogId ?? 0 };
}

function consistencyOf(ranges: readonly Range[]): SpoolConsistency {
  const [only, ...others] = ranges;
  if (only && others.length === 0) {
    return { kind: 'snapshot', at: only.at, greatestRevisionId: only.greatestRevisionId };
  }
  return {
    kind: 'per-range',
    ranges: ranges.map((range, index) => ({ ...range, toPage: ranges[index + 1]?.fromPage ?? null })),
  };
}

interface Doubles {
  readonly seen: IdSet;
  readonly doubled: number[];
  /** Pages that lost revisions: their prints are of what the database said, which is not what the spool has. */
  readonly changedPages: Set<number>;
}

/** Ids are noted for every revision; what an earlier snapshot showed already is left out. */
function withoutDoubles(encoded: EncodedChunk, { seen, doubled, changedPages }: Doubles): EncodedChunk {
  let dropped = 0;
  const chunk = decodeChunk(encoded.bytes);
  const parts = chunk.parts.map((part) => ({
    ...part,
    revisions: part.revisions.filter((revision) => {
      if (seen.add(revision.id)) return true;
      doubled.push(revision.id);
      changedPages.add(part.page.id);
      dropped += 1;
      return false;
    }),
  }));
  const prints = (encoded.prints ?? []).map((page) =>
    changedPages.has(page.pageId) ? { ...page, print: noPrint } : page,
  );
  if (dropped === 0) return { ...encoded, prints };
  return { ...encodeChunk({ ...chunk, parts, revisionCount: chunk.revisionCount - dropped }), prints };
}

async function maxRevisionId({ connection, schema }: WikiReading): Promise<number> {
  const revision = tableName(connection, 'revision', schema.tablePrefix);
  const rows = await connection.select(`SELECT MAX(rev_id) FROM ${revision}`);
  return rows.next() ? rows.int(0) : 0;
}
