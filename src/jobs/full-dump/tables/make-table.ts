import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setImmediate } from 'node:timers/promises';
import type { PieceLease } from '../../../control/stage.ts';
import type { PieceResult } from '../../../control/store/run-view.ts';
import { wikiAccess } from '../../../dumping/wiki-access.ts';
import type { MariadbAddress, SqliteAddress } from '../../../mediawiki/database/database-address.ts';
import { sqliteError } from '../../../mediawiki/database/sqlite/errors.ts';
import { dumpFileName } from '../../../publish/dump-catalogue/file-name.ts';
import { tableOutput } from '../../../publish/dump-catalogue/table-outputs.ts';
import { writeFileAtomic } from '../../../publish/files/durable.ts';
import { isInside } from '../../../publish/workspace/tree.ts';
import type { MadeFile } from '../made-file.ts';
import { type FullDumpContext, workspaceFor } from '../run-folder.ts';
import { wikiOf } from '../services.ts';
import type { ChosenTable } from './choose-tables.ts';
import { findDumpProgram } from './program/dump-program.ts';
import { TableDump } from './program/table-dump.ts';
import { findPrivateCopy } from './sqlite/private-copy.ts';
import { SqliteTableSql } from './sqlite/table-sql.ts';
import { verifyTableFile, type WrittenTable, writeTableFile } from './table-file.ts';

/** A table's file, and when its rows were read (ISO 8601). */
export interface MadeTable extends MadeFile {
  readonly readAt: string;
}

interface Sources {
  readonly path: string;
  readonly mode: number;
  readonly signal: AbortSignal;
}

type Dumped = WrittenTable & { readonly readAt: Date; readonly rows?: number };

/** Where the run's copy of an SQLite wiki lies. */
export function copyFolder(context: FullDumpContext): string {
  return join(context.workspace, 'tables-source');
}

/** Dumps one table into the workspace beside its tree, reads it back, and gives what can be committed. */
export async function makeTable(context: FullDumpContext, piece: PieceLease): Promise<PieceResult> {
  const { services, run } = context;
  const wiki = wikiOf(services, run.subject);
  const chosen = piece.data as ChosenTable;
  const output = tableOutput(chosen.table);
  const name = dumpFileName(wiki.name, run.date, output);
  const workspace = await workspaceFor(context, chosen.audience);
  // The piece's own folder stands beside one tree only; files are made beside the tree that they enter.
  const folder = isInside(piece.folder, workspace.folder)
    ? piece.folder
    : await workspace.openPiece(piece.id, piece.token);
  const path = join(folder, name);
  const sources = { path, mode: services.trees[chosen.audience].fileMode, signal: piece.signal };
  const { database } = wikiAccess(wiki);
  const dumped =
    database.dialect === 'sqlite'
      ? await dumpFromSqlite(context, database, chosen, sources)
      : await dumpFromServer(context, database, chosen, { ...sources, privateFolder: piece.folder });
  const { digest, rawBytes, readAt } = dumped;
  const rows = await verifyTableFile(path, dumped, { signal: piece.signal, searchPath: services.searchPath });
  await workspace.sync(folder);
  const made: MadeTable = {
    output: output.output,
    set: 'tables',
    name,
    audience: chosen.audience,
    committedPath: workspace.committedPath(path),
    digest,
    rawBytes,
    counts: { rows },
    readAt: readAt.toISOString(),
  };
  return await writeReport(piece, made);
}

async function dumpFromServer(
  context: FullDumpContext,
  address: MariadbAddress,
  chosen: ChosenTable,
  sources: Sources & { readonly privateFolder: string },
): Promise<Dumped> {
  const { signal } = sources;
  const program = await findDumpProgram(context.services.searchPath, signal);
  const readAt = context.clock.now();
  await using dump = await TableDump.start({
    program,
    address,
    table: chosen.storedName,
    folder: sources.privateFolder,
    signal,
    own: (pgid) => context.ownProcessGroup(pgid),
  });
  return { ...(await writeTableFile(sources.path, dump.sql(), sources)), readAt };
}

async function dumpFromSqlite(
  context: FullDumpContext,
  address: SqliteAddress,
  chosen: ChosenTable,
  sources: Sources,
): Promise<Dumped> {
  const copy = await findPrivateCopy(copyFolder(context));
  try {
    using database = new DatabaseSync(copy.file, { readOnly: true });
    const table = new SqliteTableSql({
      database,
      table: chosen.storedName,
      wiki: context.run.subject,
      rotaVersion: context.services.version,
      breathe: () => setImmediate(undefined, { signal: sources.signal }),
    });
    const written = await writeTableFile(sources.path, table.sql(), sources);
    return { ...written, readAt: copy.takenAt, rows: table.rows };
  } catch (error) {
    if (sources.signal.aborted) throw sources.signal.reason;
    throw isSqliteFault(error) ? sqliteError(error, address) : error;
  }
}

function isSqliteFault(error: unknown): boolean {
  return (error as { code?: unknown } | null)?.code === 'ERR_SQLITE_ERROR';
}

async function writeReport(piece: PieceLease, made: MadeTable): Promise<PieceResult> {
  const body = JSON.stringify(made);
  const reportName = 'table.json';
  await writeFileAtomic(join(piece.folder, reportName), body, { mode: 0o600 });
  return {
    path: join(piece.folderName, reportName),
    sizeBytes: Buffer.byteLength(body),
    sha256: createHash('sha256').update(body).digest('hex'),
    result: made,
  };
}
