import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { done, Stage, type StageOutcome } from '../../../control/stage.ts';
import { LedgerPair, stateOrigin } from '../../../dumping/ledger/ledger-pair.ts';
import { MissingHashes } from '../../../dumping/ledger/missing-hashes.ts';
import type { SpoolConsistency } from '../../../dumping/spool/spool-manifest.ts';
import { SpoolReader } from '../../../dumping/spool/spool-reader.ts';
import { openWiki, wikiAccess } from '../../../dumping/wiki-access.ts';
import { renderHeader } from '../../../export/writer/site-head.ts';
import { readUsers } from '../../../mediawiki/metadata/read-users.ts';
import { openTextSource } from '../../../mediawiki/text/open-text-source.ts';
import { dumpFileName } from '../../../publish/dump-catalogue/file-name.ts';
import { HashingFileWriter } from '../../../publish/files/hashing-file-writer.ts';
import type { Audience } from '../../../publish/workspace/tree.ts';
import { catalogued } from '../content/lanes.ts';
import { readRedactions } from '../content/redactions.ts';
import { writerOptions } from '../content/site.ts';
import { openPreviousState, printsKey } from '../ledger/previous-state.ts';
import { writeEntries } from '../ledger/write-entries.ts';
import type { FilesSummary, MadeFile } from '../made-file.ts';
import { audienceOf, type FullDumpContext, runFolder, workspaceFor } from '../run-folder.ts';
import { type FullDumpServices, wikiOf } from '../services.ts';

interface LedgerSummary extends FilesSummary {
  /** Pages whose entries are those of the date before. */
  readonly carriedPages: number;
}

/**
 * Writes, from the spool and what the last look took out, the dump's ledgers: a digest of every page for whoever holds
 * a copy, and one of every revision for the next days of changes.
 */
export class LedgerStage extends Stage<FullDumpServices> {
  readonly name = 'ledger';
  override readonly needs = ['last-look'];
  override readonly retries = { tries: 3, backoffMs: 15_000 };
  readonly deadlineMs: number;

  constructor(deadlineMs: number) {
    super();
    this.deadlineMs = deadlineMs;
  }

  async run(context: FullDumpContext): Promise<StageOutcome> {
    const { signal, services, run, log } = context;
    const access = wikiAccess(wikiOf(services, run.subject));
    const writer = await writerOptions(context, 'full');
    await using open = await ledgerFile(context, 'ledger', audienceOf(context));
    await using closed = await ledgerFile(context, 'state', 'private');
    const spoolFolder = runFolder(context).spool;
    using spool = SpoolReader.open(spoolFolder);
    const { greatestLogId } = spool.manifest;
    const prints = printsKey(context, writer);
    const pair = new LedgerPair(
      { public: open.writer, private: closed.writer },
      {
        ...{ wiki: run.subject, job: run.job, date: run.date, schema: writer.schema },
        mark: markOf(spool.manifest.consistency),
        ...(greatestLogId === undefined ? {} : { logs: greatestLogId }),
      },
      { ...stateOrigin(takenAtOf(spool.manifest.consistency), renderHeader(writer)), prints },
    );
    // Read now and not with the spool: whoever compares names proves by digests that nothing else is another.
    await using reading = await openWiki(access, { log, signal });
    await pair.addUsers(readUsers(reading.connection, reading.schema, { signal }));
    await using texts = new AsyncDisposableStack();
    const { database, externalStores, legacyEncoding, retryForMs } = access;
    const hashes = new MissingHashes(async () =>
      texts.use(
        await openTextSource({
          ...{ database, externalStores, retryForMs, log },
          legacyEncoding: legacyEncoding ?? undefined,
        }),
      ),
    );
    await using previous = await openPreviousState(context, prints);
    const carriedPages = await writeEntries(pair, {
      ...{
        spoolFolder,
        spool,
        writer,
        redactions: await readRedactions(context),
        hashes,
        before: previous,
        signal,
      },
      onChunk: (done, total) => context.progress({ done, total, unit: 'chunks' }),
    });
    const counts = await pair.finish();
    const summary: LedgerSummary = {
      carriedPages,
      files: [
        { ...open.file, counts, digest: await open.writer.close() },
        { ...closed.file, counts, digest: await closed.writer.close() },
      ],
    };
    return done(summary);
  }
}

interface LedgerFile extends AsyncDisposable {
  readonly writer: HashingFileWriter;
  readonly file: Omit<MadeFile, 'digest' | 'counts'>;
}

async function ledgerFile(
  context: FullDumpContext,
  name: 'ledger' | 'state',
  audience: Audience,
): Promise<LedgerFile> {
  const output = catalogued(name);
  const workspace = await workspaceFor(context, audience);
  const fileName = dumpFileName(context.run.subject, context.run.date, output);
  const path = join(workspace.folder, fileName);
  await rm(path, { force: true });
  const writer = await HashingFileWriter.create(path);
  return {
    writer,
    file: {
      ...{ output: output.output, set: output.set, name: fileName, audience },
      committedPath: workspace.committedPath(path),
      rawBytes: 0,
    },
    [Symbol.asyncDispose]: () => writer[Symbol.asyncDispose](),
  };
}

/** Every revision up to this one is in the dump, if it is public; later ones may be, where ranges were read apart. */
function markOf(consistency: SpoolConsistency): number {
  if (consistency.kind === 'snapshot') return consistency.greatestRevisionId;
  return Math.min(...consistency.ranges.map((range) => range.greatestRevisionId));
}

/** Of the first range, where they were read apart. */
function takenAtOf(consistency: SpoolConsistency): string {
  if (consistency.kind === 'snapshot') return consistency.at;
  return consistency.ranges.map((range) => range.at).reduce((first, at) => (at < first ? at : first));
}
