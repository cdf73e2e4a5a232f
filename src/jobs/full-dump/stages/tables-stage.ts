import { rm } from 'node:fs/promises';
import {
  done,
  doneWithErrors,
  held,
  type PieceLease,
  Stage,
  type StageOutcome,
  skipped,
} from '../../../control/stage.ts';
import type { PieceDefinition, PieceResult } from '../../../control/store/run-view.ts';
import { wikiAccess } from '../../../dumping/wiki-access.ts';
import { openDatabase } from '../../../mediawiki/database/open-database.ts';
import { writing } from '../../../publish/files/file-failure.ts';
import type { FilesSummary, MadeFile } from '../made-file.ts';
import { publishEarly } from '../publication/publish-early.ts';
import { isPublishedBefore } from '../publication/publish-set.ts';
import type { FullDumpContext } from '../run-folder.ts';
import { type FullDumpServices, wikiOf } from '../services.ts';
import { type ChosenTable, chooseTables, type TableChoice } from '../tables/choose-tables.ts';
import { copyFolder, type MadeTable, makeTable } from '../tables/make-table.ts';
import { readTables } from '../tables/read-tables.ts';
import { makePrivateCopy } from '../tables/sqlite/private-copy.ts';

/** `readAt` is when the first of the tables was read: each is one state, but not the same one (for SQLite it is). */
export interface TablesSummary extends FilesSummary {
  /** Tables that the configuration names and that are not there. */
  readonly missing: readonly string[];
}

/** Makes one `.sql.gz` per table: those that everybody may read, and those that the configuration names. */
export class TablesStage extends Stage<FullDumpServices> {
  readonly name = 'tables';
  override readonly needs = ['preflight'];
  override readonly retries = { tries: 4, backoffMs: 30_000 };
  override readonly pieceConcurrency = 2;
  readonly deadlineMs: number;

  constructor(deadlineMs: number) {
    super();
    this.deadlineMs = deadlineMs;
  }

  async run(context: FullDumpContext): Promise<StageOutcome> {
    if (await isPublishedBefore(context, 'tables')) return skipped('published by an earlier epoch');
    await context.services.status.start(context, ['tables']);
    const { choice, pieces } = await definePieces(context);
    if (choice.missing.length > 0) {
      const { missing } = choice;
      context.log.warn({ missing }, 'tables that rota.yaml names are not in the database; they are left out');
    }
    if (choice.tables.some(({ audience }) => audience === 'private')) {
      await context.services.trees.private.prepare();
    }
    const known = await context.pieces.list();
    if (known.length === 0 || known.some((piece) => piece.committed === undefined)) await copySqlite(context);
    await context.pieces.define(pieces);
    const committed = await context.pieces.runAll();
    await writing('remove', copyFolder(context), () =>
      rm(copyFolder(context), { recursive: true, force: true }),
    );
    const made = committed.map((piece) => piece.result as MadeTable);
    const readAt = made.map((table) => table.readAt).sort()[0];
    const summary: TablesSummary = {
      files: made.map(({ readAt: _readAt, ...file }): MadeFile => file),
      ...(readAt === undefined ? {} : { readAt }),
      missing: choice.missing,
    };
    const result = await publishEarly(context, 'tables', summary.files);
    if (result.state === 'held') return held(result.reason, summary);
    return result.state === 'rejected' ? doneWithErrors('the tables were rejected', summary) : done(summary);
  }

  override async runPiece(context: FullDumpContext, piece: PieceLease): Promise<PieceResult> {
    const result = await makeTable(context, piece);
    const pieces = await context.pieces.list();
    const finished = pieces.filter((view) => view.committed !== undefined).length + 1;
    context.progress({ done: finished, total: pieces.length, unit: 'tables' });
    return result;
  }
}

/** One piece a table. A resumed run goes on with the tables it began with, whatever the wiki has got since. */
async function definePieces(
  context: FullDumpContext,
): Promise<{ readonly choice: TableChoice; readonly pieces: readonly PieceDefinition[] }> {
  const { log, services, signal } = context;
  const wiki = wikiOf(services, context.run.subject);
  const access = wikiAccess(wiki);
  await using connection = await openDatabase(access.database, {
    log,
    signal,
    retryForMs: access.retryForMs,
  });
  const sizes = await readTables(connection);
  const choice = chooseTables(sizes.keys(), wiki);
  const known = await context.pieces.list();
  if (known.length > 0) {
    const pieces = known.map(({ id, weight, data }) => ({ id, weight, data }));
    return { choice: { ...choice, tables: pieces.map((piece) => piece.data as ChosenTable) }, pieces };
  }
  const pieces = choice.tables.map((chosen) => ({
    id: chosen.table,
    weight: sizes.get(chosen.storedName) ?? 1,
    data: chosen,
  }));
  return { choice, pieces };
}

async function copySqlite(context: FullDumpContext): Promise<void> {
  const { database } = wikiAccess(wikiOf(context.services, context.run.subject));
  if (database.dialect !== 'sqlite') return;
  await makePrivateCopy(database, {
    folder: copyFolder(context),
    now: () => context.clock.now(),
    signal: context.signal,
  });
}
