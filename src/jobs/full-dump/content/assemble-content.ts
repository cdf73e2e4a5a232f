import { join } from 'node:path';
import {
  type LaneReport,
  type LaneSpec,
  type PageRange,
  splitGroupOf,
} from '../../../dumping/piece/piece-spec.ts';
import { findBz2Program } from '../../../export/containers/bz2/compressor.ts';
import type { DumpOutput, FileSplit } from '../../../publish/dump-catalogue/dump-output.ts';
import { dumpFileName } from '../../../publish/dump-catalogue/file-name.ts';
import { makeArchives } from '../archives/make-archives.ts';
import { carryKey } from '../carry/carry-key.ts';
import { readCarryPlan } from '../carry/carry-plan.ts';
import type { MadeFile } from '../made-file.ts';
import { audienceOf, type FullDumpContext, workspaceFor } from '../run-folder.ts';
import { wikiOf } from '../services.ts';
import { chooseParts } from '../split/choose-parts.ts';
import type { SplitPlan } from '../split/split-plan.ts';
import type { FinishedPiece } from './committed-pieces.ts';
import { joinArticlesBz2, joinBz2, joinGz, joinZst } from './join-lane.ts';
import type { Frame, JoinedFile, LaneParts } from './joined-file.ts';
import { contentLanes, outputsOfLane } from './lanes.ts';
import { frameOf } from './site.ts';

export interface AssembleOptions {
  /** An existing, empty folder of the workspace. */
  readonly folder: string;
  readonly pieces: readonly FinishedPiece[];
  /** Files of which the pieces are the same as when they were made stay as they are; null: all are made. */
  readonly earlier: EarlierFiles | null;
}

/** Files that were assembled before, and what of. */
export interface EarlierFiles {
  readonly files: readonly MadeFile[];
  readonly pieces: readonly FinishedPiece[];
}

/**
 * Makes the dump's content files from the pieces: one file after the other, each written and hashed in one pass; then
 * the files that are made from others.
 */
export async function assembleContent(
  context: FullDumpContext,
  options: AssembleOptions,
): Promise<readonly MadeFile[]> {
  const { folder, pieces, earlier } = options;
  const plan = await chooseParts(context, pieces);
  const { fullDump } = wikiOf(context.services, context.run.subject);
  const jobs = contentLanes(fullDump).flatMap((lane) => partsOf(plan, lane).map((part) => ({ lane, part })));
  const carry = await readCarryPlan(context);
  let done = 0;
  const report = () => context.progress({ done, total: jobs.length, unit: 'files' });
  const made: MadeFile[] = [];
  for (const { lane, part } of jobs) {
    context.signal.throwIfAborted();
    report();
    const parts: LaneParts = {
      lane,
      range: part.range ?? null,
      index: { key: carryKey(context, lane), turn: carry?.turn ?? 0 },
      parts: pieces.map((piece) => ({ id: piece.id, folder: piece.folder, report: reportOf(piece, lane) })),
    };
    const outputs = outputsOfLane(lane, fullDump);
    const kept = earlier && keptFiles(earlier, pieces, { lane, part, outputs });
    made.push(...(kept ?? (await assemblePart(context, parts, part, folder))));
    done += 1;
  }
  return [
    ...made,
    ...(await makeArchives(context, {
      ...{ folder, files: made, onFile: report },
      earlier: earlier?.files ?? [],
    })),
  ];
}

/** The parts of a lane's files; a single one without a number where they stay whole. */
function partsOf(plan: SplitPlan, lane: LaneSpec): readonly FileSplit[] {
  const ranges = plan.find(({ group }) => group === splitGroupOf(lane.output))?.parts ?? [];
  if (ranges.length < 2) return [{}];
  return ranges.map((range: PageRange, index) => ({ part: index + 1, range }));
}

async function assemblePart(
  context: FullDumpContext,
  parts: LaneParts,
  split: FileSplit,
  folder: string,
): Promise<readonly MadeFile[]> {
  const { run, services } = context;
  const audience = audienceOf(context);
  const workspace = await workspaceFor(context, audience);
  const frame = await frameOf(context, parts.lane);
  const frameBytes = frame.header.length + frame.footer.length;
  const nameOf = (output: DumpOutput) => dumpFileName(run.subject, run.date, output, split);
  const outputs = outputsOfLane(parts.lane, wikiOf(services, run.subject).fullDump);
  const joined = await joinLane(context, parts, frame, outputs, (output) => join(folder, nameOf(output)));
  return joined.map(({ output, path, digest, held }) => ({
    output: output.output,
    set: output.set,
    name: nameOf(output),
    audience,
    committedPath: workspace.committedPath(path),
    digest,
    rawBytes: held.rawBytes + frameBytes,
    counts: { pages: held.pages, revisions: held.revisions },
    ...(split.part === undefined ? {} : { split: { ...split, frameBytes } }),
  }));
}

async function joinLane(
  context: FullDumpContext,
  parts: LaneParts,
  frame: Frame,
  outputs: readonly DumpOutput[],
  path: (output: DumpOutput) => string,
): Promise<readonly JoinedFile[]> {
  const { signal } = context;
  const targets = outputs.map((output) => ({ output, path: path(output) }));
  if (parts.lane.format === 'gz') return await joinGz(parts, frame, targets, signal);
  if (parts.lane.format === 'zst') return await joinZst(parts, frame, targets, signal);
  const program = context.services.bz2 ?? (await findBz2Program(context.services.searchPath));
  const options = { program, signal };
  return parts.lane.output === 'articles'
    ? await joinArticlesBz2(parts, frame, targets, options)
    : await joinBz2(parts, frame, targets, options);
}

interface KeptQuestion {
  readonly lane: LaneSpec;
  readonly part: FileSplit;
  readonly outputs: readonly DumpOutput[];
}

/** The files of a lane's part that were made before, if none of their pieces is another one now; else null. */
function keptFiles(
  earlier: EarlierFiles,
  pieces: readonly FinishedPiece[],
  { lane, part, outputs }: KeptQuestion,
): readonly MadeFile[] | null {
  const files = earlier.files.filter(
    (file) => file.split?.part === part.part && outputs.some(({ output }) => output === file.output),
  );
  if (files.length !== outputs.length || pieces.length !== earlier.pieces.length) return null;
  const range = part.range ?? null;
  const isOther = pieces.some((piece, index) => {
    const before = earlier.pieces[index];
    if (before?.id !== piece.id) return true;
    const [was, is] = [reportOf(before, lane), reportOf(piece, lane)];
    return was.sha256 !== is.sha256 && [was, is].some(({ pageRange }) => touches(pageRange, range));
  });
  return isOther ? null : files;
}

/** Where a file holds all pages, everything counts: what a piece had lost may be all that it had. */
function touches(held: PageRange | null, range: PageRange | null): boolean {
  if (range === null) return true;
  return held !== null && held.lastPageId >= range.firstPageId && held.firstPageId <= range.lastPageId;
}

function reportOf(piece: FinishedPiece, lane: LaneSpec): LaneReport {
  const report = piece.report.lanes.find((l) => l.output === lane.output && l.format === lane.format);
  if (!report) throw new RangeError(`piece ${piece.id} has no ${lane.output}.${lane.format}`);
  return report;
}
