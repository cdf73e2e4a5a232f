import type { DatabaseConnection } from '../database/database-connection.ts';
import type { PageRecord } from '../record/revision-record.ts';
import { tableName } from '../schema/table-name.ts';
import type { WikiSchema } from '../schema/wiki-schema.ts';
import { countRevisions, loadPages } from './page-loader.ts';
import type { ReadPagesOptions } from './read-pages-options.ts';
import { RevisionArena, type RevisionRange } from './revision-arena.ts';
import { RevisionLoader } from './revision-loader.ts';
import { withRedirects } from './with-redirects.ts';

/** A page with all or (between start and end) some of its revisions. */
export interface PagePiece {
  readonly page: PageRecord;
  readonly isPageStart: boolean;
  readonly isPageEnd: boolean;
  /** Its revisions: where they stand in the arena. */
  readonly range: RevisionRange;
}

/** Pages whose rows have come. Encoding them is put off until the next question is on its way. */
export interface PageGroup {
  /** To be called once. @param arena an empty one, which is filled and sealed */
  encode(arena: RevisionArena): readonly PagePiece[];
}

/** Pages of one question to the page table, and revisions of one to the revision table. */
const pagesPerBatch = 2000;
const revisionsPerGroup = 4000;

/** Reads pages and their revisions in groups, each of which is one bounded question to the database. */
export class PageGroups {
  readonly #connection: DatabaseConnection;
  readonly #schema: WikiSchema;
  readonly #options: ReadPagesOptions;
  readonly #revisions: RevisionLoader;

  constructor(connection: DatabaseConnection, schema: WikiSchema, options: ReadPagesOptions) {
    this.#connection = connection;
    this.#schema = schema;
    this.#options = options;
    this.#revisions = new RevisionLoader(connection, schema);
  }

  async *read(): AsyncGenerator<PageGroup, void, undefined> {
    const { signal } = this.#options;
    for (let fromPage = this.#options.fromPage ?? 0; ; ) {
      signal?.throwIfAborted();
      const batch = { fromPage, limit: pagesPerBatch, signal };
      const loaded = await loadPages(this.#connection, this.#schema, this.#options, batch);
      const last = loaded.at(-1);
      if (last === undefined) return;
      fromPage = last.page.id + 1;
      const pages = await withRedirects(loaded, (ids) => this.#load(ids), this.#options);
      if (this.#options.latestOnly === true) yield await this.#latest(pages);
      else yield* this.#histories(pages);
    }
  }

  async #latest(pages: readonly PageRecord[]): Promise<PageGroup> {
    const ids = pages.map((page) => page.latestRevisionId).filter((id) => id > 0);
    return await this.#ask(ids, (arena) =>
      pages.map((page) => whole(page, arena.find(page.id, page.latestRevisionId))),
    );
  }

  async *#histories(pages: readonly PageRecord[]): AsyncGenerator<PageGroup, void, undefined> {
    const { signal } = this.#options;
    const range = {
      first: pages[0]?.id ?? 0,
      last: pages.at(-1)?.id ?? 0,
      ...(this.#options.ids === undefined ? {} : { ids: pages.map((page) => page.id) }),
    };
    const counts = await countRevisions(this.#connection, this.#schema, range, signal);
    const queue = [...runs(pages, counts)];
    let ids = await this.#revisionIds(queue[0]);
    for (const [at, run] of queue.entries()) {
      const [first] = run;
      const present = ids;
      if (first !== undefined && run.length === 1 && present.length > revisionsPerGroup) {
        yield* this.#longHistory(first, present);
        ids = await this.#revisionIds(queue[at + 1]);
        continue;
      }
      const group = await this.#ask([...present], (arena) =>
        run.map((page) => whole(page, arena.rangeOf(page.id))),
      );
      // Before the group is handed on: then the next one's rows are asked for at once, and come while it is encoded.
      ids = await this.#revisionIds(queue[at + 1]);
      yield group;
    }
  }

  async *#longHistory(page: PageRecord, ids: Float64Array): AsyncGenerator<PageGroup, void, undefined> {
    for (let at = 0; at < ids.length; at += revisionsPerGroup) {
      const place = { page, isPageStart: at === 0, isPageEnd: at + revisionsPerGroup >= ids.length };
      yield await this.#ask([...ids.subarray(at, at + revisionsPerGroup)], (arena) => [
        { ...place, range: arena.rangeOf(page.id) },
      ]);
    }
  }

  /**
   * Ids come first, from an index alone, and the revisions then by id: there is no index by page and revision id, so
   * asking for "the next 4,000 of the page" would sort the page anew each time; a range of pages tempts the server
   * to scan the table; and rows in id order lie together in all the tables that are joined (measured: a fifth less).
   */
  async #revisionIds(run: readonly PageRecord[] | undefined): Promise<Float64Array> {
    if (run === undefined) return new Float64Array();
    const { signal, namespaces, ids: chosen } = this.#options;
    const table = tableName(this.#connection, 'revision', this.#schema.tablePrefix);
    const rows =
      namespaces?.length || chosen !== undefined
        ? await this.#connection.select(
            `SELECT rev_id FROM ${table} WHERE rev_page IN (?)`,
            [run.map((page) => page.id)],
            { signal },
          )
        : await this.#connection.select(
            `SELECT rev_id FROM ${table} WHERE rev_page >= ? AND rev_page <= ?`,
            [run[0]?.id ?? 0, run.at(-1)?.id ?? 0],
            { signal },
          );
    const ids = new Float64Array(rows.rowCount);
    for (let at = 0; rows.next(); at++) ids[at] = rows.int(0);
    return ids.sort();
  }

  async #ask(
    ids: readonly number[],
    piecesOf: (arena: RevisionArena) => readonly PagePiece[],
  ): Promise<PageGroup> {
    const fills: ((arena: RevisionArena) => void)[] = [];
    // A range of pages may hold more than was counted: revisions that a deleted page left behind.
    for (let at = 0; at < ids.length; at += revisionsPerGroup) {
      const slice = ids.slice(at, at + revisionsPerGroup);
      const options = { expected: slice.length, signal: this.#options.signal };
      fills.push(await this.#revisions.ask('rev_id IN (?)', [slice], options));
    }
    return {
      encode: (arena) => {
        for (const fill of fills) fill(arena);
        return piecesOf(arena.seal());
      },
    };
  }

  async #load(ids: readonly number[]): Promise<RevisionArena> {
    const arena = new RevisionArena();
    const group = await this.#ask(ids, () => []);
    group.encode(arena);
    return arena;
  }
}

function whole(page: PageRecord, range: RevisionRange): PagePiece {
  return { page, isPageStart: true, isPageEnd: true, range };
}

/** Runs of pages with about as many revisions as one question may have; a page with more is a run of its own. */
function* runs(
  pages: readonly PageRecord[],
  counts: ReadonlyMap<number, number>,
): Generator<PageRecord[], void, undefined> {
  let run: PageRecord[] = [];
  let revisions = 0;
  for (const page of pages) {
    const count = counts.get(page.id) ?? 0;
    if (run.length > 0 && revisions + count > revisionsPerGroup) {
      yield run;
      run = [];
      revisions = 0;
    }
    run.push(page);
    revisions += count;
  }
  if (run.length > 0) yield run;
}
