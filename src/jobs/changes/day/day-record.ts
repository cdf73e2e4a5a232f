import * as z from 'zod';
import { type DayManifest, parseDayManifest } from '../../../export/changes/day-manifest.ts';
import type { PublishedFile } from '../../../publish/publication/pointers.ts';
import type { RunRecords } from '../../definition/job-definition.ts';

/** What the store keeps of a published day: the truth that the file system follows. */
export interface DayRecord {
  readonly manifest: DayManifest;
  /** Public ones, and the state's private ledger. */
  readonly files: readonly PublishedFile[];
}

export function dayKey(wiki: string, date: string): string {
  return `${dayPrefix(wiki)}${date}`;
}

export function dayPrefix(wiki: string): string {
  return `changes/day/${wiki}/`;
}

const files = z.array(
  z.strictObject({
    name: z.string(),
    audience: z.enum(['public', 'private']),
    committedPath: z.string(),
    digest: z.strictObject({
      sizeBytes: z.number(),
      md5: z.string(),
      sha1: z.string(),
      sha256: z.string(),
    }),
    replaces: z.array(z.string()).readonly().exactOptional(),
  }),
);

/** The published days of a wiki, by date. */
export async function readDays(
  records: Pick<RunRecords, 'listPointers'>,
  wiki: string,
): Promise<readonly DayRecord[]> {
  const pointers = await records.listPointers({ prefix: dayPrefix(wiki) });
  return pointers
    .filter(({ value }) => value !== null)
    .map(({ key, value }) => parseDayRecord(value, key))
    .sort((a, b) => (a.manifest.date < b.manifest.date ? -1 : 1));
}

export function parseDayRecord(value: unknown, name: string): DayRecord {
  const record = value as { readonly manifest?: unknown; readonly files?: unknown };
  return { manifest: parseDayManifest(record.manifest, name), files: files.parse(record.files) };
}
