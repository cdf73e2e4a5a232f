import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { StateComparison } from '../../../dumping/ledger/compare-states.ts';
import { LedgerCursor } from '../../../dumping/ledger/ledger-cursor.ts';
import { LedgerPair } from '../../../dumping/ledger/ledger-pair.ts';
import { MissingHashes } from '../../../dumping/ledger/missing-hashes.ts';
import { DifferenceRecorder } from '../../../dumping/ledger/record-differences.ts';
import { UserComparison } from '../../../dumping/ledger/renamed-users.ts';
import { StateDigester, type StateHandler } from '../../../dumping/ledger/state-digester.ts';
import type { WikiAccess, WikiReading } from '../../../dumping/wiki-access.ts';
import { dayFiles, stateFileName } from '../../../export/changes/day-manifest.ts';
import { openContainer, rawBytes } from '../../../export/containers/read/open-container.ts';
import type { LedgerTotals } from '../../../export/ledger/ledger-format.ts';
import { openLedger } from '../../../export/ledger/read-ledger.ts';
import type { WriterOptions } from '../../../export/writer/options.ts';
import { renderHeader } from '../../../export/writer/site-head.ts';
import { type ChosenRevisions, chosenRevisions } from '../../../mediawiki/metadata/read-chosen-revisions.ts';
import { readPages } from '../../../mediawiki/metadata/read-pages.ts';
import type { RedirectResolver } from '../../../mediawiki/metadata/read-pages-options.ts';
import { readUsers } from '../../../mediawiki/metadata/read-users.ts';
import type { PagePart } from '../../../mediawiki/record/page-part.ts';
import { openTextSource } from '../../../mediawiki/text/open-text-source.ts';
import type { FileDigest } from '../../../publish/files/file-digest.ts';
import { HashingFileWriter } from '../../../publish/files/hashing-file-writer.ts';
import { dayFileName, dayFolder, privateWorkspace } from '../day/day-folder.ts';
import type { Base, DayPlan } from '../day/plan-day.ts';
import type { ChangesContext } from '../services.ts';
import { keepFindings } from './findings.ts';

export interface ComparisonInput {
  readonly reading: WikiReading;
  readonly access: WikiAccess;
  readonly plan: Extract<DayPlan, { kind: 'dump' }>;
  readonly redirects: RedirectResolver;
  /** The greatest log id of the snapshot. */
  readonly logs: number;
  readonly writer: WriterOptions;
}

export interface LedgersMade {
  readonly totals: LedgerTotals;
  readonly public: FileDigest;
  readonly private: FileDigest;
}

export interface ComparisonResult {
  readonly restored: ChosenRevisions;
  readonly ledgers: LedgersMade;
}

/**
 * Reads the whole state up to the mark in the open snapshot, writes its ledgers, and what differs from the bases.
 * Memory: a chunk of metadata, and what {@link DifferenceRecorder} holds.
 */
export async function compareWithBases(
  context: ChangesContext,
  input: ComparisonInput,
): Promise<ComparisonResult> {
  const { signal, log } = context;
  const { reading, plan, redirects, writer, access } = input;
  const mark = plan.mark.revisionId;
  const folder = dayFolder(context);
  const privateFile = join((await privateWorkspace(context)).folder, dayFileName(context, stateFileName));
  await rm(privateFile, { force: true });
  await using publicWriter = await HashingFileWriter.create(
    join(folder.files, dayFileName(context, dayFiles.ledger)),
  );
  await using privateWriter = await HashingFileWriter.create(privateFile, { mode: 0o600 });
  const { subject: wiki, job, date } = context.run;
  const ledgers = new LedgerPair(
    { public: publicWriter, private: privateWriter },
    { wiki, job, date, schema: writer.schema, mark, logs: input.logs },
  );
  using recorder = new DifferenceRecorder(folder.found, (entry) => ledgers.add(entry));
  recorder.siteInfo(renderHeader(writer));
  await using cursors = new AsyncDisposableStack();
  const bases: LedgerCursor[] = [];
  for (const base of plan.bases) bases.push(cursors.use(await openBase(context, base)));
  const users = new UserComparison(bases);
  await ledgers.addUsers(users.pass(readUsers(reading.connection, reading.schema, { signal })));
  for (const cursor of bases) await cursor.advance();
  const { renamed } = users;
  const comparison = new StateComparison(
    bases.map((cursor, index) => ({ cursor, renamed: renamed[index] ?? new Map() })),
    plan.previousMark ?? mark,
    recorder,
  );
  // Without a base everything would differ; the day is the baseline, and only its ledgers are wanted.
  const handler: StateHandler =
    bases.length === 0 ? { onPageEnd: (entry) => ledgers.add(entry) } : comparison;
  const digester = new StateDigester(writer, handler);
  await using texts = new AsyncDisposableStack();
  const hashes = new MissingHashes(async () =>
    texts.use(
      await openTextSource({
        database: access.database,
        externalStores: access.externalStores,
        legacyEncoding: access.legacyEncoding ?? undefined,
        retryForMs: access.retryForMs,
        log,
      }),
    ),
  );
  let pages = 0;
  for await (const chunk of readPages(reading.connection, reading.schema, { redirects, signal })) {
    const whole = await hashes.fill(chunk, signal);
    for (const part of whole.parts) await digester.add(upTo(part, mark));
    pages += chunk.parts.length;
    context.progress({ done: pages, total: 0, unit: 'pages' });
  }
  if (bases.length > 0) await comparison.finish();
  recorder.flush();
  await keepFindings(folder, recorder);
  const restored = bases.length > 0 ? recorder.restored : chosenRevisions([]);
  const totals = await ledgers.finish();
  return {
    restored,
    ledgers: { totals, public: await publicWriter.close(), private: await privateWriter.close() },
  };
}

async function openBase(context: ChangesContext, base: Base): Promise<LedgerCursor> {
  const { signal, services } = context;
  const container = await openContainer(base.statePath, { signal, searchPath: services.searchPath });
  return await LedgerCursor.of(await openLedger(rawBytes(container), base.statePath));
}

/** A later revision belongs to a later day. */
function upTo(part: PagePart, mark: number): PagePart {
  const last = part.revisions.at(-1);
  if (last === undefined || last.id <= mark) return part;
  return { ...part, revisions: part.revisions.filter((revision) => revision.id <= mark) };
}
