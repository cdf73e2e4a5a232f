import { join } from 'node:path';
import type { TrackerSourceConfig } from '../../../../config/phabricator-config.ts';
import type { Clock } from '../../../../core/clock.ts';
import { RotaError } from '../../../../core/errors/rota-error.ts';
import type { Log } from '../../../../core/log.ts';
import { digestOf } from '../form/digest.ts';
import { isRecord } from '../form/step-values.ts';
import { TaskDamage } from '../form/task-damage.ts';
import type { TrackerTransaction } from '../form/tracker-task.ts';
import type { ReadOptions, SourceFacts, TrackerSink, TrackerSource } from '../source/tracker-source.ts';
import { AnswerCache } from './answer-cache.ts';
import { ConduitClient } from './conduit-client.ts';
import { convertSearchStep } from './convert-search-step.ts';
import { convertTask } from './convert-task.ts';

type ConduitConfig = Extract<TrackerSourceConfig, { kind: 'conduit' }>;
type Row = Readonly<Record<string, unknown>>;

/** The tracker gives no more tasks in one answer; their transactions are asked for in smaller groups, which it can bear. */
const tasksPerPage = 100;
const tasksPerHistory = 25;
const rowsPerPage = 1000;

interface Changed {
  readonly row: Row;
  readonly id: number;
  readonly digest: number;
}

interface Histories {
  readonly of: (id: number) => unknown;
  readonly convert?: (row: unknown) => TrackerTransaction;
}

/**
 * The tracker's API: tasks by `maniphest.search`, their pasts by `maniphest.gettasktransactions`, the only call that has
 * told everything on every version, or by its successor where one wants it. Tasks that have not changed since the last load
 * are not asked about again.
 */
export class ConduitSource implements TrackerSource {
  readonly name: string;
  readonly #config: ConduitConfig;
  readonly #client: ConduitClient;
  readonly #cache: AnswerCache;
  readonly #clock: Clock;

  constructor(
    config: ConduitConfig,
    tools: { readonly workspace: string; readonly clock: Clock; readonly log: Log },
  ) {
    this.#config = config;
    this.name = config.url;
    this.#client = new ConduitClient({ ...config, ...tools });
    this.#cache = new AnswerCache(join(tools.workspace, 'conduit'));
    this.#clock = tools.clock;
  }

  async read(sink: TrackerSink, { signal, progress }: ReadOptions): Promise<SourceFacts> {
    // What changes while it is read may be seen or not: it is known to its end only until now.
    const sourceAt = this.#clock.now();
    const projects = new Set<string>();
    for await (const rows of this.#pages('project.search', {}, signal)) {
      sink.projects(
        rows.flatMap(({ id, phid, fields }) => {
          if (typeof phid !== 'string' || !isRecord(fields) || !this.#isShown(fields)) return [];
          projects.add(phid);
          return [{ id: Number(id), phid, name: String(fields.name ?? '') }];
        }),
      );
    }
    for await (const rows of this.#pages('project.column.search', {}, signal))
      sink.columns(rows.flatMap(columnOf));
    let done = 0;
    for await (const rows of this.#pages('maniphest.search', taskQuery, signal)) {
      await this.#takeTasks(sink, rows, signal);
      done += rows.length;
      progress(done, 0, 'tasks');
    }
    return { sourceAt, bytes: null };
  }

  async #takeTasks(sink: TrackerSink, rows: readonly Row[], signal: AbortSignal): Promise<void> {
    const changed: Changed[] = [];
    for (const row of rows) {
      if (!isRecord(row.fields) || !this.#isShown(row.fields)) continue;
      const id = Number(row.id);
      const digest = digestOf(JSON.stringify(row));
      if (sink.isUnchanged(id, digest)) sink.keep(id, digest);
      else changed.push({ row, id, digest });
    }
    for (let at = 0; at < changed.length; at += tasksPerHistory) {
      const group = changed.slice(at, at + tasksPerHistory);
      const histories = this.#config.isSearched
        ? await this.#search(group, signal)
        : await this.#readFrozen(group, signal);
      for (const { row, id, digest } of group) {
        try {
          sink.task(convertTask(row, histories.of(id), histories.convert), digest);
        } catch (error) {
          if (!(error instanceof TaskDamage)) throw error;
          sink.setAside(String(id), error.message);
        }
      }
    }
  }

  /** Many tasks in one question. */
  async #readFrozen(group: readonly Changed[], signal: AbortSignal): Promise<Histories> {
    const parameters = { ids: group.map(({ id }) => id) };
    // The digests belong to the question: a task that changed in between is asked about again.
    const key = { ...parameters, digests: group.map(({ digest }) => digest) };
    const answer = await this.#cache.get('maniphest.gettasktransactions', key, () =>
      this.#client.call('maniphest.gettasktransactions', parameters, signal),
    );
    return { of: (id) => (isRecord(answer) ? answer[String(id)] : []) };
  }

  /** A task at a time, in pages. */
  async #search(group: readonly Changed[], signal: AbortSignal): Promise<Histories> {
    const found = new Map<number, Row[]>();
    for (const { row, id, digest } of group) {
      const rows: Row[] = [];
      const query = { objectIdentifier: row.phid };
      for await (const page of this.#pages('transaction.search', query, signal, {
        limit: rowsPerPage,
        key: { digest },
      })) {
        rows.push(...page);
      }
      found.set(id, rows);
    }
    return { of: (id) => found.get(id), convert: convertSearchStep };
  }

  /** Reports are public, and a token may see more than the public does. */
  #isShown(fields: Row): boolean {
    if (this.#config.isAll) return true;
    const view = isRecord(fields.policy) ? fields.policy.view : null;
    return view === 'public' && (fields.spacePHID ?? null) === null;
  }

  /** @param more `key`: what belongs to the question beside its parameters */
  async *#pages(
    method: string,
    query: object,
    signal: AbortSignal,
    { limit = tasksPerPage, key = {} }: { readonly limit?: number; readonly key?: object } = {},
  ): AsyncGenerator<readonly Row[]> {
    let after: unknown = null;
    do {
      const parameters: object = { ...query, limit, ...(after === null ? {} : { after }) };
      const result = await this.#cache.get(method, { ...parameters, ...key }, () =>
        this.#client.call(method, parameters as Row, signal),
      );
      const { data, cursor } = isRecord(result) ? result : {};
      if (!Array.isArray(data) || !isRecord(cursor)) {
        throw new RotaError('TRACKER_REFUSED', `${method} gave an answer without data and cursor`);
      }
      yield data.filter(isRecord);
      after = cursor.after ?? null;
    } while (after !== null);
  }
}

/** In an order in which tasks that come or change meanwhile move none to another page. */
const taskQuery = { queryKey: 'all', order: 'oldest', attachments: { projects: 1, columns: 1 } };

function columnOf({ id, phid, fields }: Row) {
  if (typeof phid !== 'string' || !isRecord(fields) || !isRecord(fields.project)) return [];
  const projectPhid = fields.project.phid;
  if (typeof projectPhid !== 'string') return [];
  return [
    {
      id: Number(id),
      phid,
      name: String(fields.name ?? ''),
      isHidden: fields.isHidden === true,
      isDefault: fields.isDefaultColumn === true,
      projectPhid,
    },
  ];
}
