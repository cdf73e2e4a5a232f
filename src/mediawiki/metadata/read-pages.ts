import type { DatabaseConnection } from '../database/database-connection.ts';
import { decodeChunk } from '../record/chunk-codec.ts';
import type { EncodedChunk, RecordChunk } from '../record/page-part.ts';
import type { WikiSchema } from '../schema/wiki-schema.ts';
import { ChunkBuilder } from './chunk-builder.ts';
import { PageGroups } from './page-groups.ts';
import { readAhead } from './read-ahead.ts';
import type { ReadPagesOptions } from './read-pages-options.ts';
import { RevisionArena } from './revision-arena.ts';

/**
 * Reads pages and revisions in (page id, revision id) order, as bytes: no object a revision is made, so that reading
 * keeps up with several threads. Memory is bounded by a few thousand revisions and, for a page with more, the list of
 * its revision ids. The connection is used until the iteration ends: one reader at a time. Inside a snapshot the
 * result is one state of the wiki.
 *
 * Revisions that lack rows of other tables come with `problems` (MediaWiki's dump drops them or dies); pages without
 * any revision come with an empty part (MediaWiki leaves them out).
 */
export async function* readEncodedPages(
  connection: DatabaseConnection,
  schema: WikiSchema,
  options: ReadPagesOptions = {},
): AsyncGenerator<EncodedChunk, void, undefined> {
  const builder = new ChunkBuilder({
    revisions: options.targetChunkRevisions ?? 2000,
    bytes: options.targetChunkBytes ?? 8 * 1024 * 1024,
    prints: options.prints ?? false,
  });
  const arena = new RevisionArena();
  // The server answers the next question while this answer is encoded and the consumer works.
  for await (const group of readAhead(new PageGroups(connection, schema, options).read())) {
    arena.reset();
    for (const { page, isPageStart, isPageEnd, range } of group.encode(arena)) {
      if (isPageStart) builder.beginPage(page);
      for (let at = range.from; at < range.to; at++) builder.addRevision(arena, at);
      if (isPageEnd) builder.endPage();
    }
    yield* builder.takeFinished();
  }
  builder.finish();
  yield* builder.takeFinished();
}

/** The same as records. */
export async function* readPages(
  connection: DatabaseConnection,
  schema: WikiSchema,
  options: ReadPagesOptions = {},
): AsyncGenerator<RecordChunk, void, undefined> {
  for await (const chunk of readEncodedPages(connection, schema, options)) yield decodeChunk(chunk.bytes);
}
