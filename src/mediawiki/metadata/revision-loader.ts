import type { DatabaseConnection, QueryParameter, ResultRows } from '../database/database-connection.ts';
import type { RevisionProblem, RevisionRecord, SlotRecord } from '../record/revision-record.ts';
import { tableName } from '../schema/table-name.ts';
import type { WikiSchema } from '../schema/wiki-schema.ts';
import { ActorCache } from './actor-cache.ts';
import { NameTable } from './name-table.ts';
import { revisionColumn as c, revisionQuery } from './revision-query.ts';

/** A slot's row before role and model have their names. */
interface SlotDraft {
  readonly roleId: number;
  readonly originRevisionId: number;
  readonly hasContent: boolean;
  readonly modelId: number;
  readonly sizeBytes: number;
  readonly sha1: string;
  readonly address: string;
}

interface Draft {
  readonly id: number;
  readonly parentId: number;
  readonly timestamp: string;
  readonly isMinor: boolean;
  readonly deleted: number;
  readonly sizeBytes: number | null;
  readonly sha1: string;
  readonly actorId: number;
  readonly hasComment: boolean;
  readonly comment: string;
  readonly slots: SlotDraft[];
}

/** Reads revisions with their slots, and says of each what it lacks. */
export class RevisionLoader {
  readonly #connection: DatabaseConnection;
  readonly #schema: WikiSchema;
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

  /** Revisions that fulfil a condition, by page, ascending by id within each. */
  async load(
    where: string,
    parameters: readonly QueryParameter[],
    signal?: AbortSignal,
  ): Promise<Map<number, RevisionRecord[]>> {
    const sql = revisionQuery(this.#connection, this.#schema, where);
    const drafts = collectDrafts(await this.#connection.select(sql, parameters, { signal }));
    const actorIds = new Set<number>();
    const roleIds = new Set<number>();
    const modelIds = new Set<number>();
    for (const ofPage of drafts.values()) {
      for (const draft of ofPage) {
        actorIds.add(draft.actorId);
        for (const slot of draft.slots) {
          roleIds.add(slot.roleId);
          if (slot.hasContent) modelIds.add(slot.modelId);
        }
      }
    }
    await this.#actors.know(actorIds);
    await this.#roles.know(roleIds);
    await this.#models.know(modelIds);
    const pages = new Map<number, RevisionRecord[]>();
    for (const [pageId, ofPage] of drafts) {
      pages.set(
        pageId,
        inOrder(ofPage).map((draft) => this.#finish(draft)),
      );
    }
    return pages;
  }

  #finish(draft: Draft): RevisionRecord {
    const problems: RevisionProblem[] = [];
    const note = (problem: RevisionProblem) => {
      if (!problems.includes(problem)) problems.push(problem);
    };
    const slots: SlotRecord[] = [];
    for (const slot of draft.slots) {
      const role = this.#roles.nameOf(slot.roleId);
      if (role === undefined) note('role-unknown');
      if (!slot.hasContent) {
        note('content-missing');
        continue;
      }
      const model = this.#models.nameOf(slot.modelId);
      if (model === undefined) note('model-unknown');
      slots.push({
        role: role ?? `#${slot.roleId}`,
        originRevisionId: slot.originRevisionId,
        model: model ?? '',
        sizeBytes: slot.sizeBytes,
        sha1: slot.sha1,
        address: slot.address,
      });
    }
    if (slots.length > 1) slots.sort(bySlotOrder);
    if (draft.slots.length === 0) note('slot-missing');
    else if (slots[0]?.role !== 'main') note('main-slot-missing');
    const actor = this.#actors.actorOf(draft.actorId);
    if (actor === null) note('actor-missing');
    if (!draft.hasComment) note('comment-missing');
    if (!isTimestamp(draft.timestamp)) note('timestamp-invalid');
    return {
      id: draft.id,
      parentId: draft.parentId,
      timestamp: draft.timestamp,
      isMinor: draft.isMinor,
      deleted: draft.deleted,
      sizeBytes: draft.sizeBytes,
      sha1: draft.sha1,
      userId: actor?.userId ?? 0,
      userName: actor?.userName ?? '',
      comment: draft.comment,
      slots,
      problems,
    };
  }
}

/** 14 digits, and not the zero that MediaWiki's own dump dies of. */
export function isTimestamp(text: string): boolean {
  return text.length === 14 && text !== '00000000000000' && /^\d{14}$/.test(text);
}

function collectDrafts(rows: ResultRows): Map<number, Draft[]> {
  const pages = new Map<number, Draft[]>();
  let lastPage = Number.NaN;
  let ofPage: Draft[] = [];
  while (rows.next()) {
    const page = rows.int(c.page);
    if (page !== lastPage) {
      lastPage = page;
      ofPage = pages.get(page) ?? [];
      pages.set(page, ofPage);
    }
    const id = rows.int(c.id);
    const previous = ofPage.at(-1);
    const slot = slotOf(rows);
    if (previous?.id === id) {
      if (slot !== null) previous.slots.push(slot);
      continue;
    }
    ofPage.push({
      id,
      parentId: rows.int(c.parent),
      timestamp: rows.binary(c.timestamp),
      isMinor: rows.int(c.minor) !== 0,
      deleted: rows.int(c.deleted),
      sizeBytes: rows.isNull(c.length) ? null : rows.int(c.length),
      sha1: rows.binary(c.sha1),
      actorId: rows.int(c.actor),
      hasComment: !rows.isNull(c.commentId),
      comment: rows.binary(c.comment),
      slots: slot === null ? [] : [slot],
    });
  }
  return pages;
}

function slotOf(rows: ResultRows): SlotDraft | null {
  if (rows.isNull(c.role)) return null;
  return {
    roleId: rows.int(c.role),
    originRevisionId: rows.int(c.origin),
    hasContent: !rows.isNull(c.contentId),
    modelId: rows.int(c.model),
    sizeBytes: rows.int(c.size),
    sha1: rows.binary(c.contentSha1),
    address: rows.binary(c.address),
  };
}

/** Ascending by id; a revision's rows may have come apart (the server may join in another order). */
function inOrder(drafts: Draft[]): Draft[] {
  let isSorted = true;
  for (let at = 1; at < drafts.length && isSorted; at++)
    isSorted = (drafts[at - 1]?.id ?? 0) < (drafts[at]?.id ?? 0);
  if (isSorted) return drafts;
  drafts.sort((a, b) => a.id - b.id);
  const merged: Draft[] = [];
  for (const draft of drafts) {
    const previous = merged.at(-1);
    if (previous?.id === draft.id) previous.slots.push(...draft.slots);
    else merged.push(draft);
  }
  return merged;
}

function bySlotOrder(a: SlotRecord, b: SlotRecord): number {
  if (a.role === 'main') return b.role === 'main' ? 0 : -1;
  if (b.role === 'main') return 1;
  return a.role < b.role ? -1 : a.role > b.role ? 1 : 0;
}
