import { createHash } from 'node:crypto';
import type { LaneSpec } from '../../../dumping/piece/piece-spec.ts';
import type { FullDumpContext } from '../run-folder.ts';
import { wikiOf } from '../services.ts';
import { writerVersion } from '../status/manifest-of.ts';

/**
 * Of everything that the bytes of a lane's bundles depend on besides the wiki's rows. A page's title and redirect are
 * compared as bytes, so the site's namespaces are not in it: a wiki's update changes its siteinfo, and no page.
 */
export function carryKey(context: FullDumpContext, lane: LaneSpec): string {
  const { fullDump, contentModels, legacyEncoding } = wikiOf(context.services, context.run.subject);
  const { schema, profile, asMediawiki } = fullDump;
  const models = Object.entries(contentModels).toSorted(([a], [b]) => (a < b ? -1 : 1));
  const parts = [
    writerVersion,
    schema,
    profile,
    asMediawiki,
    models,
    legacyEncoding,
    lane.output,
    lane.format,
  ];
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}
