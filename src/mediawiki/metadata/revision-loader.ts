import { AnswerBuffers } from '../database/answer-buffers.ts';
import type { DatabaseConnection, QueryParameter, ResultRows } from '../database/database-connection.ts';
import type { ByteWriter } from '../record/byte-writer.ts';
import { revisionFlag } from '../record/chunk-codec.ts';
import type { RevisionProblem } from '../record/revision-record.ts';
import { tableName } from '../schema/table-name.ts';
import type { WikiSchema } from '../schema/wiki-schema.ts';
import { type Actor, ActorCache } from './actor-cache.ts';
import { NameTable } from './name-table.ts';
import type { RevisionArena } from './revision-arena.ts';
import { revisionColumn as c, revisionQuery } from './revision-query.ts';
import { isTimestampColumn } from './timestamp.ts';

type ActorOf = (id: number) => Actor | null;

/** Bytes of a revision's row, about: saves growing the answer's buffer. */
const rowBytes = 350;

/** Reads revisions with their slots from rows to bytes, without objects between, and notes of each what it lacks. */
export class RevisionLoader {
  readonly #connection: DatabaseConnection;
  readonly #schema: WikiSchema;
  readonly #buffers = new AnswerBuffers();
  readonly #actors: ActorCache;
  readonly #roles: NameTable;
  readonly #models: NameTable;

  constructor(connection: DatabaseConnection, schema: WikiSchema) {
    const table = (name: string) => tableName(connection, name, schema.tablePrefix);
    this.#connection = connection;
    this.#schema = schema;
    this.#actors = new ActorCache(connection, table('actor'));
    this.#roles = new NameTable(connection, table('slot_roles'), 'role_id', 'role_name');
    this.#models = new NameTable(connection, table('content_models'), 'model_id', 'model_name');
  }

  /** Adds the revisions that fulfil a condition. `expected`: how many, about. */
  async load(
    into: RevisionArena,
    where: string,
    parameters: readonly QueryParameter[],
    options: { readonly expected: number; readonly signal?: AbortSignal | undefined },
  ): Promise<void> {
    const fill = await this.ask(where, parameters, options);
    fill(into);
  }

  /**
   * The same in two steps: what it returns adds the revisions, once, and may be called when other questions are on
   * their way, so that the server works meanwhile. Memory: the answer's rows, until then.
   */
  async ask(
    where: string,
    parameters: readonly QueryParameter[],
    options: { readonly expected: number; readonly signal?: AbortSignal | undefined },
  ): Promise<(into: RevisionArena) => void> {
    const buffers = this.#buffers.lease();
    const rows = await this.#connection.select(
      revisionQuery(this.#connection, this.#schema, where),
      parameters,
      { signal: options.signal, buffers, expectedBytes: options.expected * rowBytes },
    );
    // Names that are not known yet are asked for on the same connection.
    const actorOf = await this.#knowNames(rows);
    return (into) => {
      const encode = (out: ByteWriter) => this.#encode(rows, actorOf, out);
      while (rows.next()) {
        into.add(rows.int(c.page), rows.int(c.id), hasContent(rows) ? rows.int(c.size) : 0, encode);
      }
      buffers.release();
    };
  }

  async #knowNames(rows: ResultRows): Promise<ActorOf> {
    const actorIds = new Set<number>();
    const roleIds = new Set<number>();
    const modelIds = new Set<number>();
    while (rows.next()) {
      actorIds.add(rows.int(c.actor));
      if (rows.isNull(c.role)) continue;
      roleIds.add(rows.int(c.role));
      if (hasContent(rows)) modelIds.add(rows.int(c.model));
    }
    rows.rewind();
    await this.#roles.know(roleIds);
    await this.#models.know(modelIds);
    return await this.#actors.know(actorIds);
  }

  /** As encodeRevision() of chunk-codec.ts writes the record of this row. */
  #encode(rows: ResultRows, actorOf: ActorOf, out: ByteWriter): void {
    const hasLength = !rows.isNull(c.length);
    out.number((rows.int(c.minor) !== 0 ? revisionFlag.minor : 0) | (hasLength ? revisionFlag.sizeKnown : 0));
    out.number(rows.int(c.id));
    out.number(rows.int(c.parent));
    out.column(rows, c.timestamp);
    out.number(rows.int(c.deleted));
    if (hasLength) out.number(rows.int(c.length));
    out.column(rows, c.sha1);
    const actor = actorOf(rows.int(c.actor));
    out.number(actor?.userId ?? 0);
    out.string(actor?.userName ?? '');
    out.column(rows, c.comment);
    const problems: RevisionProblem[] = [];
    this.#encodeSlot(rows, out, problems);
    if (actor === null) problems.push('actor-missing');
    if (rows.isNull(c.commentId)) problems.push('comment-missing');
    if (!isTimestampColumn(rows, c.timestamp)) problems.push('timestamp-invalid');
    out.number(problems.length);
    for (const problem of problems) out.string(problem);
  }

  #encodeSlot(rows: ResultRows, out: ByteWriter, problems: RevisionProblem[]): void {
    if (rows.isNull(c.role)) {
      out.number(0);
      problems.push('slot-missing');
      return;
    }
    const role = this.#roles.nameOf(rows.int(c.role));
    if (role === undefined) problems.push('role-unknown');
    if (!hasContent(rows)) {
      out.number(0);
      problems.push('content-missing', 'main-slot-missing');
      return;
    }
    const model = this.#models.nameOf(rows.int(c.model));
    if (model === undefined) problems.push('model-unknown');
    if (role !== 'main') problems.push('main-slot-missing');
    out.number(1);
    out.string(role ?? `#${rows.int(c.role)}`);
    out.number(rows.int(c.origin));
    out.string(model ?? '');
    out.number(rows.int(c.size));
    const sameHash = isSame(rows, c.sha1, c.contentSha1);
    out.number(sameHash ? 0 : 1);
    if (!sameHash) out.column(rows, c.contentSha1);
    out.column(rows, c.address);
  }
}

/** A slot whose content row is there. */
function hasContent(rows: ResultRows): boolean {
  return !rows.isNull(c.role) && !rows.isNull(c.contentId);
}

function isSame(rows: ResultRows, column: number, other: number): boolean {
  const length = rows.byteLength(column);
  if (rows.byteLength(other) !== length) return false;
  for (let index = 0; index < length; index++) {
    if (rows.byteAt(column, index) !== rows.byteAt(other, index)) return false;
  }
  return true;
}
