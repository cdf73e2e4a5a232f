import type { WikiConfig } from '../../../config/farm-config.ts';
import type { Log } from '../../../core/log.ts';
import { openWiki, wikiAccess } from '../../../dumping/wiki-access.ts';
import type { HiddenParts } from '../../../export/redact/redact-revision.ts';
import { readRevisionVisibility } from '../../../mediawiki/metadata/read-visibility.ts';
import { deletedBit } from '../../../mediawiki/record/revision-record.ts';

/** What is published is taken back whether the wiki answers or not: it is not waited for. */
const retryForMs = 5_000;

/** Those of the revisions of which the wiki itself still shows a part that is to be hidden: the next dump will, too. */
export async function readStillShown(
  wiki: WikiConfig,
  order: { readonly revisions: readonly number[]; readonly parts: HiddenParts },
  tools: { readonly log: Log; readonly signal: AbortSignal },
): Promise<readonly number[]> {
  const { parts, revisions } = order;
  const bits =
    (parts.text ? deletedBit.text : 0) |
    (parts.comment ? deletedBit.comment : 0) |
    (parts.user ? deletedBit.user : 0);
  await using reading = await openWiki({ ...wikiAccess(wiki), retryForMs }, tools);
  const { connection, schema } = reading;
  const now = await readRevisionVisibility(connection, schema, revisions, tools.signal);
  return [...now].filter(([, deleted]) => (deleted & bits) !== bits).map(([id]) => id);
}
