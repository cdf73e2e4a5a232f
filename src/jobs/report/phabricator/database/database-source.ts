import { type Connection, createConnection, type RowDataPacket } from 'mysql2/promise';
import type { TrackerSourceConfig } from '../../../../config/phabricator-config.ts';
import { RotaError } from '../../../../core/errors/rota-error.ts';
import { decodeJson } from '../form/decode-json.ts';
import { digestOfParts } from '../form/digest.ts';
import { makeStep } from '../form/make-step.ts';
import { isRecord } from '../form/step-values.ts';
import { TaskDamage } from '../form/task-damage.ts';
import type { CurrentEdge, TrackerTransaction } from '../form/tracker-task.ts';
import type { ReadOptions, SourceFacts, TrackerSink, TrackerSource } from '../source/tracker-source.ts';

type DatabaseConfig = Extract<TrackerSourceConfig, { kind: 'database' }>;

const tasksPerBatch = 500;
const tables = [
  ['project', 'project'],
  ['project', 'project_column'],
  ['maniphest', 'maniphest_task'],
  ['maniphest', 'maniphest_transaction'],
  ['maniphest', 'edge'],
] as const;
/** What happened to tasks, and what reports look at; comments and subscriptions are not read. */
const stepTypes = [
  'status',
  'priority',
  'points',
  'core:columns',
  'projectcolumn',
  'core:edge',
  'reassign',
  'mergedinto',
] as const;

/** Phorge's or Phabricator's own databases, read in one snapshot, a batch of tasks at a time. */
export class DatabaseSource implements TrackerSource {
  readonly name: string;
  readonly #config: DatabaseConfig;

  constructor(config: DatabaseConfig) {
    this.#config = config;
    this.name = `${config.address.host}/${config.prefix}`;
  }

  async read(sink: TrackerSink, { signal, progress }: ReadOptions): Promise<SourceFacts> {
    const connection = await this.#connect();
    try {
      await connection.query('SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ');
      await connection.query('START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY');
      const sourceAt = await serverTime(connection);
      await this.#takeProjects(connection, sink);
      const [[count]] = await connection.query<RowDataPacket[]>(
        `SELECT count(*) AS n FROM ${this.#table('maniphest', 'maniphest_task')} t WHERE ${this.#shown()}`,
      );
      const total = Number(count?.n ?? 0);
      for (let after = 0, done = 0; ; ) {
        signal.throwIfAborted();
        const tasks = await this.#readTasks(connection, after);
        if (tasks.length === 0) break;
        await this.#takeTasks(connection, sink, tasks);
        after = Number(tasks.at(-1)?.id);
        done += tasks.length;
        progress(done, total, 'tasks');
      }
      return { sourceAt, bytes: null };
    } finally {
      connection.destroy();
    }
  }

  async #connect(): Promise<Connection> {
    const { host, port, socketPath, user, password, tls } = this.#config.address;
    try {
      return await createConnection({
        ...(socketPath === null ? { host, port } : { socketPath }),
        user,
        ...(password === null ? {} : { password: password.reveal() }),
        ...(tls === null ? {} : { ssl: { rejectUnauthorized: tls.verify, verifyIdentity: tls.verify } }),
        charset: 'utf8mb4',
        supportBigNumbers: true,
      });
    } catch (error) {
      throw this.#unreadable(error);
    }
  }

  #unreadable(cause: unknown): RotaError {
    const why = (cause as Error).message;
    return new RotaError(
      'TRACKER_UNREACHABLE',
      `The tracker's database ${this.name} cannot be read: ${why}`,
      {
        cause,
      },
    );
  }

  /**
   * Tries to read each table that {@link read} reads, and nothing else.
   * @throws RotaError TRACKER_UNREACHABLE, also where the account may not
   */
  async look(): Promise<void> {
    const connection = await this.#connect();
    try {
      for (const [application, name] of tables) {
        await connection.query(`SELECT 1 FROM ${this.#table(application, name)} LIMIT 1`);
      }
    } catch (error) {
      throw this.#unreadable(error);
    } finally {
      connection.destroy();
    }
  }

  async #takeProjects(connection: Connection, sink: TrackerSink): Promise<void> {
    const [projects] = await connection.query<RowDataPacket[]>(
      `SELECT id, phid, name FROM ${this.#table('project', 'project')} t WHERE ${this.#shown()}`,
    );
    sink.projects(
      projects.map(({ id, phid, name }) => ({ id: Number(id), phid: text(phid), name: text(name) })),
    );
    const [columns] = await connection.query<RowDataPacket[]>(
      `SELECT id, phid, name, status, projectPHID, properties FROM ${this.#table('project', 'project_column')}`,
    );
    sink.columns(
      columns.map(({ id, phid, name, status, projectPHID, properties }) => {
        const more = lenientJson(properties);
        return {
          id: Number(id),
          phid: text(phid),
          name: text(name ?? ''),
          isHidden: Number(status) === 1,
          isDefault: isRecord(more) && Boolean(more.isDefault),
          projectPhid: text(projectPHID),
        };
      }),
    );
  }

  async #readTasks(connection: Connection, after: number): Promise<readonly RowDataPacket[]> {
    const [tasks] = await connection.query<RowDataPacket[]>(
      `SELECT id, phid, title, status, priority, points, dateCreated FROM ${this.#table('maniphest', 'maniphest_task')} t
       WHERE ${this.#shown()} AND id > ? ORDER BY id LIMIT ${tasksPerBatch}`,
      [after],
    );
    return tasks;
  }

  async #takeTasks(
    connection: Connection,
    sink: TrackerSink,
    tasks: readonly RowDataPacket[],
  ): Promise<void> {
    const phids = tasks.map(({ phid }) => text(phid));
    const [steps] = await connection.query<RowDataPacket[]>(
      `SELECT id, objectPHID, transactionType, oldValue, newValue, metadata, dateCreated
       FROM ${this.#table('maniphest', 'maniphest_transaction')}
       WHERE objectPHID IN (?) AND transactionType IN (?) ORDER BY objectPHID, id`,
      [phids, stepTypes],
    );
    const [edges] = await connection.query<RowDataPacket[]>(
      `SELECT src, type, dst, dateCreated FROM ${this.#table('maniphest', 'edge')} WHERE src IN (?) AND type IN (3, 4, 41) ORDER BY src, type, dst`,
      [phids],
    );
    const stepsOf = Map.groupBy(steps, ({ objectPHID }) => text(objectPHID));
    const edgesOf = Map.groupBy(edges, ({ src }) => text(src));
    for (const task of tasks) {
      const phid = text(task.phid);
      const mine = stepsOf.get(phid) ?? [];
      const current = edgesOf.get(phid) ?? [];
      const id = Number(task.id);
      const digest = digestOfParts([task, ...mine, ...current].map((row) => JSON.stringify(row)));
      if (sink.isUnchanged(id, digest)) {
        sink.keep(id, digest);
        continue;
      }
      try {
        const { title, status, priority, points, dateCreated } = task;
        sink.task(
          {
            id,
            phid,
            title: text(title),
            status: text(status),
            priority: Number(priority),
            points: points === null ? null : Number(points),
            createdAt: Number(dateCreated),
            edges: current.map(
              (edge): CurrentEdge => ({
                type: Number(edge.type),
                phid: text(edge.dst),
                since: Number(edge.dateCreated),
              }),
            ),
            transactions: mine.map(stepOf),
          },
          digest,
        );
      } catch (error) {
        if (!(error instanceof TaskDamage)) throw error;
        sink.setAside(String(id), error.message);
      }
    }
  }

  /** Names from rota.yaml become part of SQL as quoted identifiers. */
  #table(application: string, name: string): string {
    const quote = (identifier: string) => `\`${identifier.replaceAll('`', '``')}\``;
    return `${quote(`${this.#config.prefix}_${application}`)}.${quote(name)}`;
  }

  /** Reports are public, and the account sees everything. */
  #shown(): string {
    return this.#config.isAll ? 'true' : "t.viewPolicy = 'public' AND t.spacePHID IS NULL";
  }
}

function stepOf(row: RowDataPacket): TrackerTransaction {
  const type = text(row.transactionType);
  const [id, at] = [Number(row.id), Number(row.dateCreated)];
  if (type === 'mergedinto') return { kind: 'status', id, at, from: null, to: 'duplicate' };
  return makeStep({
    id,
    at,
    type,
    oldValue: decodeJson(text(row.oldValue ?? ''), type),
    newValue: decodeJson(text(row.newValue ?? ''), type),
    metadata: lenientJson(row.metadata),
  });
}

async function serverTime(connection: Connection): Promise<Date> {
  const [[row]] = await connection.query<RowDataPacket[]>('SELECT unix_timestamp() AS at');
  return new Date(Number(row?.at) * 1000);
}

function lenientJson(value: unknown): unknown {
  try {
    return JSON.parse(text(value ?? 'null'));
  } catch {
    return null;
  }
}

/** Columns of bytes are texts in UTF-8. */
function text(value: unknown): string {
  return Buffer.isBuffer(value) ? value.toString('utf8') : String(value);
}
