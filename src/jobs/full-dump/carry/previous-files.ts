import { stat } from 'node:fs/promises';
import type { LaneSpec } from '../../../dumping/piece/piece-spec.ts';
import { publishedDateNames } from '../../../publish/listing/published-dates.ts';
import type { ManifestFile } from '../../../publish/status/manifest.ts';
import { readSets } from '../publication/read-manifest.ts';
import { audienceOf, type FullDumpContext } from '../run-folder.ts';

/** A part of a lane's output on the date before, and its index. */
export interface PreviousPart {
  readonly name: string;
  readonly path: string;
  readonly indexPath: string;
  readonly indexSha256: string;
}

export type PreviousParts =
  | { readonly parts: readonly PreviousPart[] }
  /** A sentence without its beginning (the output's name). */
  | { readonly refused: string };

export interface PreviousDate {
  readonly date: string;
  readonly files: readonly ManifestFile[];
}

/** The newest date before the run's that has published files with pages. */
export async function findPreviousDate(
  context: FullDumpContext,
  sets: readonly string[],
): Promise<PreviousDate | null> {
  const { run, services } = context;
  const tree = services.trees[audienceOf(context)];
  const dates = await publishedDateNames(tree, run.subject);
  for (const date of dates.filter((name) => name < run.date).toReversed()) {
    const files = await publishedFiles(tree.file(run.subject, date, 'manifest.json'), sets);
    if (files.length > 0) return { date, files };
  }
  return null;
}

/** The lane's files of that date with their indexes, as far as a look at them tells that they are whole. */
export async function previousParts(
  context: FullDumpContext,
  lane: LaneSpec,
  previous: PreviousDate,
): Promise<PreviousParts> {
  const { run, services } = context;
  const tree = services.trees[audienceOf(context)];
  const output = `${lane.output}-${lane.format}`;
  const files = previous.files.filter((file) => file.output === output);
  if (files.length === 0) return { refused: `is not in the dump of ${previous.date}` };
  const parts: PreviousPart[] = [];
  for (const file of files) {
    const index = previous.files.find((other) => other.name === `${file.name}.index.zst`);
    if (index === undefined) return { refused: `has no index (${file.name}.index.zst)` };
    const path = tree.file(run.subject, previous.date, file.name);
    const sizeBytes = (await stat(path).catch(() => null))?.size;
    if (sizeBytes === undefined) return { refused: `is missing (${file.name})` };
    if (sizeBytes !== file.sizeBytes) {
      return { refused: `has ${sizeBytes} of ${file.sizeBytes} bytes (${file.name})` };
    }
    parts.push({
      name: file.name,
      path,
      indexPath: tree.file(run.subject, previous.date, index.name),
      indexSha256: index.sha256,
    });
  }
  return { parts };
}

async function publishedFiles(path: string, wanted: readonly string[]): Promise<readonly ManifestFile[]> {
  const sets = await readSets(path);
  return wanted.flatMap((set) => (sets?.[set]?.state === 'published' ? sets[set].files : []));
}
