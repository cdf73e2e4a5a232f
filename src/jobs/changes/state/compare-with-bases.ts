import { rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { StateComparison } from '../../../dumping/ledger/compare-states.ts';
import type { LedgerCursor } from '../../../dumping/ledger/ledger-cursor.ts';
import { LedgerPair, stateOrigin } from '../../../dumping/ledger/ledger-pair.ts';
import { MissingHashes } from '../../../dumping/ledger/missing-hashes.ts';
import { DifferenceRecorder } from '../../../dumping/ledger/record-differences.ts';
import { UserComparison } from '../../../dumping/ledger/renamed-users.ts';
import { StateDigester, type StateHandler } from '../../../dumping/ledger/state-digester.ts';
import type { WikiAccess, WikiReading } from '../../../dumping/wiki-access.ts';
import { dayFiles, stateFileName } from '../../../export/changes/day-manifest.ts';
import type { LedgerTotals } from '../../../export/ledger/ledger-format.ts';
import type { WriterOptions } from '../../../export/writer/options.ts';
import { renderHeader } from '../../../export/writer/site-head.ts';
import { type ChosenRevisions, chosenRevisions } from '../../../mediawiki/metadata/read-chosen-revisions.ts';
import type { RedirectResolver } from '../../../mediawiki/metadata/read-pages-options.ts';
import { readUsers } from '../../../mediawiki/metadata/read-users.ts';
import { openTextSource } from '../../../mediawiki/text/open-text-source.ts';
import type { FileDigest } from '../../../publish/files/file-digest.ts';
import { HashingFileWriter } from '../../../publish/files/hashing-file-writer.ts';
import { dayFileName, dayFolder, privateWorkspace } from '../day/day-folder.ts';
import type { DayPlan } from '../day/plan-day.ts';
import type { ChangesContext } from '../services.ts';
import { keepFindings } from './findings.ts';
import { readAllPages, readHintedPages, type StateReading } from './read-pages-of-state.ts';
import { openState, startOfHints } from './start-of-hints.ts';

export interface ComparisonInput {
  readonly reading: WikiReading;
  readonly access: WikiAccess;
  readonly plan: Extract<DayPlan, { kind: 'dump' }>;
  readonly redirects: RedirectResolver;
  /** The greatest log id of the snapshot. */
  readonly logs: number;
  /** ISO 8601. */
  readonly takenAt: string;
  readonly writer: WriterOptions;
  /** The state was read before, for this day: only what changed since is to be read again. */
  readonly again: boolean;
}

export interface LedgersMade {
  readonly totals: LedgerTotals;
  readonly public: FileDigest;
  readonly private: FileDigest;
}

export interface ComparisonResult {
  readonly restored: ChosenRevisions;
  readonly ledgers: LedgersMade;
  readonly compared: Compared;
}

export interface Compared {
  /** How pages that changed were found. */
  readonly by: 'state' | 'log-hints';
  /** Pages of the wiki, and those whose revisions were read for it. */
  readonly pages: number;
  readonly read: number;
}

/**
 * Reads the state up to the mark in the open snapshot, the whole of it or the pages at which something hints; writes its
 * ledgers, and what differs from the bases.
 * Memory: a chunk of metadata, and what {@link DifferenceRecorder} holds; with hints the ids of those pages as well.
 */
export async function compareWithBases(
  context: ChangesContext,
  input: ComparisonInput,
): Promise<ComparisonResult> {
  const { signal, log } = context;
  const { reading, plan, redirects, writer, access } = input;
  const mark = plan.mark.revisionId;
  const folder = dayFolder(context);
  const privateFolder = (await privateWorkspace(context)).folder;
  const privateFile = join(privateFolder, dayFileName(context, stateFileName));
  const previousFile = `${privateFile}.previous`;
  if (input.again) await rename(privateFile, previousFile).catch(() => undefined);
  else await rm(previousFile, { force: true });
  await rm(privateFile, { force: true });
  await using publicWriter = await HashingFileWriter.create(
    join(folder.files, dayFileName(context, dayFiles.ledger)),
  );
  await using privateWriter = await HashingFileWriter.create(privateFile, { mode: 0o600 });
  const { subject: wiki, job, date } = context.run;
  const head = renderHeader(writer);
  const origin = stateOrigin(input.takenAt, head);
  const ledgers = new LedgerPair(
    { public: publicWriter, private: privateWriter },
    { wiki, job, date, schema: writer.schema, mark, logs: input.logs },
    origin,
  );
  using recorder = new DifferenceRecorder(folder.found, (entry) => ledgers.add(entry));
  recorder.siteInfo(head);
  await using cursors = new AsyncDisposableStack();
  const bases: LedgerCursor[] = [];
  for (const { statePath } of plan.bases) bases.push(cursors.use(await openState(context, statePath)));
  const narrow = await startOfHints(context, { ...input, origin, bases, previousFile });
  if (narrow !== null && !bases.includes(narrow.reference)) cursors.use(narrow.reference);
  const users = new UserComparison(bases);
  await ledgers.addUsers(users.pass(readUsers(reading.connection, reading.schema, { signal })));
  for (const cursor of new Set([...bases, ...(narrow === null ? [] : [narrow.reference])])) {
    await cursor.advance();
  }
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
  const state: StateReading = {
    ...{ reading, mark, redirects, hashes, digester, signal },
    onPages: (count) => {
      pages += count;
      context.progress({ done: pages, total: 0, unit: 'pages' });
    },
  };
  let read: number | null = null;
  if (narrow === null) await readAllPages(state);
  else {
    const ids = [...new Set(renamed.flatMap((users) => [...users.keys()]))];
    read = await readHintedPages(state, {
      ...narrow,
      ...{ comparison, bases, renamed: ids },
      siteInfo: writer.siteInfo,
    });
  }
  if (bases.length > 0) await comparison.finish();
  recorder.flush();
  await keepFindings(folder, recorder);
  const restored = bases.length > 0 ? recorder.restored : chosenRevisions([]);
  const totals = await ledgers.finish();
  return {
    restored,
    ledgers: { totals, public: await publicWriter.close(), private: await privateWriter.close() },
    compared: { by: narrow?.compared ?? 'state', pages, read: read ?? pages },
  };
}
