import { createHash } from 'node:crypto';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { PieceResult } from '../../../control/store/run-view.ts';
import { type PieceReport, pieceReportName, type Redactions } from '../../../dumping/piece/piece-spec.ts';
import type { ThreadSetup } from '../../../dumping/threads/messages.ts';
import { wikiAccess } from '../../../dumping/wiki-access.ts';
import { findBz2Program } from '../../../export/containers/bz2/compressor.ts';
import { writeFileAtomic } from '../../../publish/files/durable.ts';
import { carrySources } from '../carry/carry-plan.ts';
import { type FullDumpContext, runFolder } from '../run-folder.ts';
import { wikiOf } from '../services.ts';
import { readSplitPlan, splitSpecs } from '../split/split-plan.ts';
import type { PieceRange } from './cut-pieces.ts';
import { contentLanes } from './lanes.ts';
import { readRedactions } from './redactions.ts';
import { addRedonePiece } from './redone-pieces.ts';
import { writerOptions } from './site.ts';

export interface BuildPieceOptions {
  readonly range: PieceRange;
  /** Absolute path of a new, empty folder, and the same relative to the workspace. */
  readonly folder: string;
  readonly folderName: string;
  readonly signal: AbortSignal;
  /** Counts towards the stage's progress. */
  readonly counted: boolean;
}

/** Builds one piece in a rendering thread; what comes back can be committed. */
export async function buildPiece(
  context: FullDumpContext,
  options: BuildPieceOptions,
): Promise<PieceResult & { readonly report: PieceReport }> {
  const { services, run } = context;
  const settings = wikiOf(services, run.subject).fullDump;
  const pool = await services.threads.pool(
    `${run.id}.${run.epoch}`,
    () => threadSetup(context),
    settings.threads,
  );
  const report = await pool.build(
    {
      spoolFolder: runFolder(context).spool,
      fromChunk: options.range.fromChunk,
      toChunk: options.range.toChunk,
      range: { from: options.range.from, to: options.range.to },
      carry: await carrySources(context, options.range.index),
      redactions: await readRedactions(context),
      folder: options.folder,
      lanes: contentLanes(settings),
      bundle: settings.bundle,
      splits: splitSpecs((await readSplitPlan(context)) ?? []),
    },
    {
      signal: options.signal,
      onProgress: (revisions, rawBytes) => {
        if (!options.counted) return;
        services.meter.add(revisions, rawBytes);
        context.progress(services.meter.progress('revisions'));
      },
    },
  );
  for (const reason of report.carry.refused) {
    context.log.warn({ wiki: run.subject, piece: options.range.index }, `not carried over: ${reason}`);
  }
  const body = JSON.stringify(report);
  // With the folder, and so the names of the lanes' files.
  await writeFileAtomic(join(options.folder, pieceReportName), body, { mode: 0o600 });
  return {
    path: join(options.folderName, pieceReportName),
    sizeBytes: Buffer.byteLength(body),
    sha256: createHash('sha256').update(body).digest('hex'),
    result: {
      revisions: report.revisions,
      rawBytes: report.rawBytes,
      failed: report.failed.length,
      carry: report.carry,
    },
    report,
  };
}

/** Builds a committed piece once more, in a folder of its own, and puts it in the first one's place. */
export async function rebuildPiece(
  context: FullDumpContext,
  id: string,
  redactions: Redactions,
): Promise<void> {
  const piece = (await context.pieces.committed('content')).find((committed) => committed.id === id);
  if (!piece) throw new RangeError(`no piece ${id} was committed`);
  const folderName = join('redone', `${id}.${redactionsNumber(redactions)}.${context.token}`);
  const folder = join(context.workspace, folderName);
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const range = piece.data as PieceRange;
  const built = await buildPiece(context, {
    range,
    folder,
    folderName,
    signal: context.signal,
    counted: false,
  });
  await addRedonePiece(context, id, { path: built.path, sha256: built.sha256 });
}

function redactionsNumber(redactions: Redactions): number {
  return (
    redactions.gonePages.length +
    redactions.goneRevisions.length +
    Object.keys(redactions.hiddenRevisions).length
  );
}

async function threadSetup(context: FullDumpContext): Promise<ThreadSetup> {
  const { services, run } = context;
  const wiki = wikiOf(services, run.subject);
  const needsBz2 = contentLanes(wiki.fullDump).some((lane) => lane.format === 'bz2');
  const program = needsBz2 ? (services.bz2 ?? (await findBz2Program(services.searchPath))) : null;
  const { database, externalStores, legacyEncoding, retryForMs } = wikiAccess(wiki);
  return {
    database,
    externalStores,
    legacyEncoding,
    retryForMs,
    writer: await writerOptions(context, 'full'),
    imagesFolder: null,
    compression: 'none',
    // Each thread renders while its own programs compress.
    bz2: program && { program, concurrency: 2 },
  };
}
