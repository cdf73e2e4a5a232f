import { createHash } from 'node:crypto';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { execa } from 'execa';
import { loadConfig } from '../../src/config/load-config.ts';
import type { PieceLease } from '../../src/control/stage.ts';
import type { CommittedPiece, PieceDefinition, PieceView } from '../../src/control/store/run-view.ts';
import { systemClock } from '../../src/core/clock.ts';
import { jobName, runId, subjectName } from '../../src/core/ids.ts';
import { silentLog } from '../../src/core/log.ts';
import { audienceOf, type FullDumpContext, workspaceFor } from '../../src/jobs/full-dump/run-folder.ts';
import type { FullDumpServices } from '../../src/jobs/full-dump/services.ts';
import { TablesStage, type TablesSummary } from '../../src/jobs/full-dump/stages/tables-stage.ts';
import { Tree, type Trees } from '../../src/publish/workspace/tree.ts';
import { workPath } from '../../src/publish/workspace/workspace.ts';
import { testBed } from '../support/bed.ts';
import { connectAsRoot } from '../support/database.ts';
import { program } from '../support/requirements.ts';

export interface StageRun {
  readonly summary: TablesSummary;
  readonly trees: Trees;
  /** What was warned of, with its facts. */
  readonly warnings: readonly object[];
  /** How often each piece was begun. */
  readonly attempts: ReadonlyMap<string, number>;
  /** The SQL of a table's file. */
  sql(table: string): Promise<Buffer>;
}

export interface StageBench {
  /** Runs the stage; again after a failure it goes on with the pieces that are committed. */
  run(options?: { readonly searchPath?: string; readonly signal?: AbortSignal }): Promise<StageRun>;
  readonly workspace: string;
  readonly processGroups: ReadonlySet<number>;
}

/**
 * The stage `tables` of one run on a wiki of the rota.yaml in `folder` (with `publish: whole`: nothing is published
 * here), with its pieces in memory.
 */
export async function stageBench(folder: string, wiki: string): Promise<StageBench> {
  const { config: farm } = await loadConfig(join(folder, 'rota.yaml'), { env: {}, cwd: folder });
  const tree = (audience: 'public' | 'private') => {
    const { folder: root, workspaceFolder: work } = farm.output[audience];
    return new Tree({ root, work, audience });
  };
  const trees = { public: tree('public'), private: tree('private') };
  await trees.public.prepare();
  await trees.private.prepare();
  const job = jobName('full-dump');
  const subject = subjectName(wiki);
  const date = '20200601';
  const run = { id: runId(job, subject, date), job, subject, date, epoch: 1, parameters: {} };
  const warnings: object[] = [];
  const attempts = new Map<string, number>();
  const processGroups = new Set<number>();
  const committed = new Map<string, CommittedPiece>();
  let defined: readonly PieceDefinition[] = [];
  const stage = new TablesStage(600_000);

  const contextOf = async (searchPath: string, signal: AbortSignal): Promise<FullDumpContext> => {
    const context = {
      run,
      services: {
        farm,
        trees,
        searchPath,
        version: '0',
        status: { start: async () => undefined, setState: async () => undefined },
      } as unknown as FullDumpServices,
      token: '1',
      workspace: '',
      signal,
      log: { ...silentLog, warn: (facts: object) => void warnings.push(facts) },
      clock: systemClock,
      progress: () => undefined,
      readPointer: async () => undefined,
      ownProcessGroup: (pgid: number) => {
        processGroups.add(pgid);
        return { [Symbol.dispose]: () => processGroups.delete(pgid) };
      },
      pieces: {
        define: async (pieces: readonly PieceDefinition[]) => {
          defined = pieces;
        },
        list: async () =>
          defined.map(
            (piece) => ({ ...piece, tries: 1, committed: committed.get(piece.id) }) as unknown as PieceView,
          ),
        runAll: async () => {
          const open = defined.filter((piece) => !committed.has(piece.id));
          const work = async () => {
            for (let piece = open.shift(); piece !== undefined; piece = open.shift()) {
              const tryNumber = (attempts.get(piece.id) ?? 0) + 1;
              attempts.set(piece.id, tryNumber);
              const folderName = `p${piece.id}.1-${tryNumber}`;
              const pieceFolder = join(context.workspace, folderName);
              await mkdir(pieceFolder, { recursive: true });
              const lease: PieceLease = {
                ...piece,
                token: '1',
                tryNumber,
                folder: pieceFolder,
                folderName,
                signal,
              };
              committed.set(piece.id, { ...piece, ...(await stage.runPiece(context, lease)) });
            }
          };
          const settled = await Promise.allSettled([work(), work()]);
          for (const result of settled) if (result.status === 'rejected') throw result.reason;
          return defined.flatMap((piece) => committed.get(piece.id) ?? []);
        },
      },
    } as unknown as FullDumpContext & { workspace: string };
    context.workspace = (await workspaceFor(context, audienceOf(context))).folder;
    return context;
  };

  const { workspace } = await contextOf('', new AbortController().signal);
  return {
    workspace,
    processGroups,
    async run(options = {}) {
      const signal = options.signal ?? new AbortController().signal;
      const context = await contextOf(options.searchPath ?? process.env.PATH ?? '', signal);
      const outcome = await stage.run(context);
      const summary = ('summary' in outcome ? outcome.summary : undefined) as TablesSummary;
      const sql = async (table: string) => {
        const file = summary.files.find(({ name }) => name === `${wiki}-${date}-${table}.sql.gz`);
        if (file === undefined) throw new Error(`there is no file of the table ${table}`);
        const bytes = await readFile(workPath(trees[file.audience], file.committedPath));
        const found = createHash('sha256').update(bytes).digest('hex');
        if (found !== file.digest.sha256) throw new Error(`${file.name} has another checksum than is said`);
        return gunzipSync(bytes);
      };
      return { summary, trees, warnings, attempts, sql };
    },
  };
}

/** Loads SQL as a reader of dumps does: `zcat FILE | mariadb DATABASE`. */
export async function loadSql(database: string, sql: Buffer): Promise<void> {
  const { socket } = testBed().mariadb;
  await execa(program('mariadb'), ['--no-defaults', '-S', socket, '-uroot', database], { input: sql });
}

/** All rows of a table as bytes, in an order of their own. */
export async function rowsOf(database: string, table: string): Promise<readonly string[]> {
  await using connection = await connectAsRoot(testBed().mariadb, database);
  const [rows] = await connection.query({
    sql: `SELECT * FROM \`${table}\``,
    rowsAsArray: true,
    typeCast: (field) => field.buffer()?.toString('hex') ?? null,
  });
  return (rows as unknown[][]).map((row) => JSON.stringify(row)).sort();
}
