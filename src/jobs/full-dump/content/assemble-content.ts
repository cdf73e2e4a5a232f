import { join } from 'node:path';
import type { LaneReport, LaneSpec } from '../../../dumping/piece/piece-spec.ts';
import { findBz2Program } from '../../../export/containers/bz2/compressor.ts';
import type { DumpOutput } from '../../../publish/dump-catalogue/dump-output.ts';
import { dumpFileName } from '../../../publish/dump-catalogue/file-name.ts';
import type { MadeFile } from '../made-file.ts';
import { audienceOf, type FullDumpContext, workspaceFor } from '../run-folder.ts';
import { wikiOf } from '../services.ts';
import type { FinishedPiece } from './committed-pieces.ts';
import { joinArticlesBz2, joinBz2, joinGz, joinZst } from './join-lane.ts';
import type { Frame, JoinedFile, LaneParts } from './joined-file.ts';
import { contentLanes, outputsOfLane } from './lanes.ts';
import { frameOf } from './site.ts';

export interface AssembleOptions {
  /** An existing, empty folder of the workspace. */
  readonly folder: string;
  readonly pieces: readonly FinishedPiece[];
}

/** Makes the dump's content files from the pieces: one file after the other, each written and hashed in one pass. */
export async function assembleContent(
  context: FullDumpContext,
  options: AssembleOptions,
): Promise<readonly MadeFile[]> {
  const wiki = wikiOf(context.services, context.run.subject);
  const audience = audienceOf(context);
  const workspace = await workspaceFor(context, audience);
  const lanes = contentLanes(wiki.fullDump);
  const made: MadeFile[] = [];
  for (const [index, lane] of lanes.entries()) {
    context.signal.throwIfAborted();
    context.progress({ done: index, total: lanes.length, unit: 'files' });
    const parts: LaneParts = {
      lane,
      parts: options.pieces.map((piece) => ({
        id: piece.id,
        folder: piece.folder,
        report: reportOf(piece, lane),
      })),
    };
    const path = (output: DumpOutput) =>
      join(options.folder, dumpFileName(wiki.name, context.run.date, output));
    const frame = await frameOf(context, lane);
    const totals = totalsOf(parts, frame.header.length + frame.footer.length);
    for (const file of await joinLane(context, parts, frame, outputsOfLane(lane, wiki.fullDump), path)) {
      made.push({
        output: file.output.output,
        set: file.output.set,
        name: dumpFileName(wiki.name, context.run.date, file.output),
        audience,
        committedPath: workspace.committedPath(file.path),
        digest: file.digest,
        ...totals,
      });
    }
  }
  return made;
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

function totalsOf(parts: LaneParts, frameBytes: number): Pick<MadeFile, 'rawBytes' | 'counts'> {
  const sum = (of: (report: LaneReport) => number) =>
    parts.parts.reduce((total, part) => total + of(part.report), 0);
  return {
    rawBytes: sum((report) => report.rawBytes) + frameBytes,
    counts: { pages: sum((report) => report.pages), revisions: sum((report) => report.revisions) },
  };
}

function reportOf(piece: FinishedPiece, lane: LaneSpec): LaneReport {
  const report = piece.report.lanes.find((l) => l.output === lane.output && l.format === lane.format);
  if (!report) throw new RangeError(`piece ${piece.id} has no ${lane.output}.${lane.format}`);
  return report;
}
