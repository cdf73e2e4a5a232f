import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { RotaError } from '../../../core/errors/rota-error.ts';
import { LogCauses } from '../../../dumping/ledger/log-causes.ts';
import { settledChanges } from '../../../dumping/ledger/record-differences.ts';
import { type LaneSpec, laneFilters } from '../../../dumping/piece/piece-spec.ts';
import { PiecePool } from '../../../dumping/threads/piece-pool.ts';
import { ScanThreads } from '../../../dumping/verify/scan-threads.ts';
import { wikiAccess } from '../../../dumping/wiki-access.ts';
import { dayFiles } from '../../../export/changes/day-manifest.ts';
import { findBz2Program } from '../../../export/containers/bz2/compressor.ts';
import { gzMember } from '../../../export/containers/gz/members.ts';
import { renderFooter, renderHeader } from '../../../export/writer/site-head.ts';
import type { FileDigest } from '../../../publish/files/file-digest.ts';
import { HashingFileWriter } from '../../../publish/files/hashing-file-writer.ts';
import { dayFileName, dayFolder, writerOf } from '../day/day-folder.ts';
import { type ChangesContext, wikiOf } from '../services.ts';
import { readFindings } from '../state/findings.ts';
import { readCauses } from '../state/read-causes.ts';
import type { StateSummary } from '../state/read-state.ts';
import { type BuiltPiece, buildPieces } from './build-files.ts';
import { joinPieces } from './join-pieces.ts';

export interface MadeFile {
  readonly name: string;
  readonly digest: FileDigest;
}

export interface ContentSummary {
  readonly files: readonly MadeFile[];
  readonly increment: { readonly pages: number; readonly revisions: number };
  readonly restored: { readonly pages: number; readonly revisions: number };
  readonly failed: readonly {
    readonly page: number;
    readonly revision: number;
    readonly kind: string;
    readonly code: string;
  }[];
}

const stubs: LaneSpec = { output: 'stub-history', format: 'gz' };
const history: LaneSpec = { output: 'history', format: 'bz2' };

/** Makes the day's files from the two spools, reads them back, and counts what is in them. */
export async function makeFiles(context: ChangesContext, state: StateSummary): Promise<ContentSummary> {
  const { plan } = state;
  if (plan.previousMark === null) return emptySummary;
  const folder = dayFolder(context);
  await mkdir(folder.files, { recursive: true, mode: 0o700 });
  await using work = await Work.begin(context);
  const increment = await work.pieces(folder.increment, 'increment', [stubs, history]);
  const made = [
    await work.join(increment, stubs, dayFiles.stubs),
    await work.join(increment, history, dayFiles.increment),
  ];
  let restored: readonly BuiltPiece[] = [];
  if (state.ledgers !== null && plan.bases.length > 0) {
    restored = await work.pieces(folder.restored, 'restored', [history]);
    made.push(await work.join(restored, history, dayFiles.restored), await writeChanges(context, state));
  }
  await work.verified();
  await rm(folder.pieces, { recursive: true, force: true });
  const failed = [...increment, ...restored].flatMap(({ report }) =>
    report.failed.map(({ page, revision, kind, code }) => ({ page, revision, kind, code })),
  );
  return { files: made, increment: countOf(increment), restored: countOf(restored), failed };
}

const emptySummary: ContentSummary = {
  files: [],
  increment: { pages: 0, revisions: 0 },
  restored: { pages: 0, revisions: 0 },
  failed: [],
};

/** What all files of a day have in common: threads are started once, and files read back while others are made. */
class Work implements AsyncDisposable {
  readonly #context: ChangesContext;
  readonly #shared: Awaited<ReturnType<typeof sharedOf>>;
  readonly #scanners = new ScanThreads();
  readonly #stop = new AbortController();
  #pool: PiecePool | null = null;
  #verified: Promise<void> = Promise.resolve();

  private constructor(context: ChangesContext, shared: Awaited<ReturnType<typeof sharedOf>>) {
    this.#context = context;
    this.#shared = shared;
  }

  static async begin(context: ChangesContext): Promise<Work> {
    return new Work(context, await sharedOf(context));
  }

  async pieces(
    spoolFolder: string,
    name: string,
    lanes: readonly LaneSpec[],
  ): Promise<readonly BuiltPiece[]> {
    const { setup, threads } = this.#shared;
    const folder = join(dayFolder(this.#context).pieces, name);
    const openPool = () => {
      this.#pool ??= new PiecePool(setup, threads);
      return this.#pool;
    };
    return await buildPieces(this.#context, openPool, { spoolFolder, folder, lanes, threads });
  }

  async join(pieces: readonly BuiltPiece[], lane: LaneSpec, file: string): Promise<MadeFile> {
    const { setup, program } = this.#shared;
    const name = dayFileName(this.#context, file);
    const path = join(dayFolder(this.#context).files, name);
    await rm(path, { force: true });
    const writer = { ...setup.writer, texts: laneFilters[lane.output].texts };
    const { signal } = this.#context;
    const digest = await joinPieces({
      ...{ lane, pieces, path, program, signal },
      header: renderHeader(writer),
      footer: renderFooter(writer),
    });
    const previous = this.#verified;
    this.#verified = previous.then(() => this.#verify(path, pieces, lane));
    // Whoever waits for it hears of a failure; until then it must not count as unhandled.
    this.#verified.catch(() => undefined);
    return { name, digest };
  }

  /** @throws RotaError VERIFICATION_FAILED if any of the files that were made does not read back */
  async verified(): Promise<void> {
    await this.#verified;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
    await this.#verified.catch(() => undefined);
    await this.#scanners[Symbol.asyncDispose]();
    await this.#pool?.[Symbol.asyncDispose]();
  }

  /** Decompressed from the disk: closed, ascending, and with everything that was rendered. */
  async #verify(path: string, pieces: readonly BuiltPiece[], lane: LaneSpec): Promise<void> {
    const { services, signal } = this.#context;
    const stop = AbortSignal.any([signal, this.#stop.signal]);
    const scan = await this.#scanners.scanFile(path, services.searchPath, stop);
    const lanes = pieces.flatMap(({ report }) => report.lanes.filter((one) => one.output === lane.output));
    const revisions = lanes.reduce((sum, one) => sum + one.revisions, 0);
    if (scan.closed && scan.idsAscending && scan.problemCount === 0 && scan.revisions === revisions) return;
    throw new RotaError(
      'VERIFICATION_FAILED',
      `${path} does not read back: ${scan.revisions} of ${revisions} revisions, ${scan.problemCount} faults; check the disk`,
      { facts: { path } },
    );
  }
}

async function sharedOf(context: ChangesContext) {
  const { services, run } = context;
  const wiki = wikiOf(services, run.subject);
  const program = await findBz2Program(services.searchPath);
  const { database, externalStores, legacyEncoding, retryForMs } = wikiAccess(wiki);
  const setup = {
    ...{ database, externalStores, legacyEncoding, retryForMs },
    writer: await writerOf(context),
    imagesFolder: null,
    compression: 'none',
    bz2: { program, concurrency: 2 },
  } as const;
  return { setup, program, threads: services.farm.jobs.changes.settings.threads };
}

function countOf(pieces: readonly BuiltPiece[]): { readonly pages: number; readonly revisions: number } {
  const lanes = pieces.flatMap(({ report }) => report.lanes.filter((one) => one.output === history.output));
  return {
    pages: lanes.reduce((sum, lane) => sum + lane.pages, 0),
    revisions: lanes.reduce((sum, lane) => sum + lane.revisions, 0),
  };
}

async function writeChanges(
  context: ChangesContext,
  { plan, greatestLogId }: StateSummary,
): Promise<MadeFile> {
  const folder = dayFolder(context);
  const name = dayFileName(context, dayFiles.changes);
  const path = join(folder.files, name);
  await rm(path, { force: true });
  const findings = await readFindings(folder);
  const causes = new LogCauses(await readCauses(context, plan, greatestLogId));
  await using writer = await HashingFileWriter.create(path);
  for await (const portion of settledChanges(folder.found, { ...findings, causes })) {
    context.signal.throwIfAborted();
    await writer.write(gzMember(portion, { level: 6 }));
  }
  return { name, digest: await writer.close() };
}
