import type { LogReference, PageChange } from '../../export/changes/page-change.ts';
import type { LogRow } from '../../mediawiki/metadata/read-logs.ts';
import { type BinaryString, deletedBit } from '../../mediawiki/record/revision-record.ts';
import { type PhpValue, phpUnserialize } from '../../mediawiki/text/php-unserialize.ts';

/** The types of log entries that tell of changes. */
export const causeTypes = ['delete', 'move', 'merge', 'import', 'create', 'renameuser'] as const;

/** A log entry with what it is about. Plain data: it is kept between stages. */
export interface Cause {
  readonly log: LogReference;
  readonly page: number;
  /** Revisions that it names. */
  readonly revisions?: readonly number[];
  /** The new name of a user. */
  readonly user?: string;
}

/** What an entry tells, as far as everybody may see it; null where its action is hidden. */
export function causeOf(row: LogRow): Cause | null {
  if ((row.deleted & deletedBit.text) !== 0 || row.problems.includes('timestamp-invalid')) return null;
  const hides = (bit: number) => (row.deleted & bit) !== 0;
  const log: LogReference = {
    ...{ id: row.id, type: text(row.type), action: text(row.action), at: timeOf(row.timestamp) },
    ...(hides(deletedBit.user) || row.userName === '' ? {} : { by: text(row.userName) }),
    ...(hides(deletedBit.comment) || row.comment === '' ? {} : { why: text(row.comment) }),
  };
  const parameters = parametersOf(row.params);
  const cause = { log, page: row.pageId };
  if (log.type === 'renameuser') {
    const user = parameters?.get('5::newuser');
    return user instanceof Uint8Array ? { ...cause, user: Buffer.from(user).toString('utf8') } : null;
  }
  if (log.type === 'delete' && log.action === 'revision') {
    const ids = parameters?.get('5::ids');
    return { ...cause, revisions: idsOf(ids) };
  }
  return cause;
}

/** Finds, among log entries since the day before, the one by which a change came about. Later entries win. */
export class LogCauses {
  readonly #pages = new Map<number, Cause[]>();
  readonly #revisions = new Map<number, Cause>();
  readonly #users = new Map<string, Cause>();

  constructor(causes: readonly Cause[]) {
    for (const cause of causes) {
      if (cause.user !== undefined) this.#users.set(cause.user, cause);
      else if (cause.revisions !== undefined) {
        for (const id of cause.revisions) this.#revisions.set(id, cause);
      } else if (cause.page > 0) {
        const ofPage = this.#pages.get(cause.page) ?? [];
        ofPage.push(cause);
        this.#pages.set(cause.page, ofPage);
      }
    }
  }

  get isEmpty(): boolean {
    return this.#pages.size === 0 && this.#revisions.size === 0 && this.#users.size === 0;
  }

  of(change: PageChange): LogReference | null {
    switch (change.kind) {
      case 'siteinfo':
        return null;
      case 'actor':
        return this.#users.get(change.name)?.log ?? null;
      case 'rev-meta':
        return this.#revisions.get(change.rev)?.log ?? null;
      case 'page':
        return this.#ofPage(change.page, ['move', 'delete/restore', 'import', 'create']);
      case 'page-gone':
        return this.#ofPage(change.page, [...deletions, 'merge']);
      case 'rev-gone':
        return this.#ofPage(change.page, deletions);
      case 'rev-moved':
        return this.#ofPage(change.page, ['merge', ...deletions]);
    }
  }

  /** @param kinds types, or types with actions; the first that has an entry counts */
  #ofPage(page: number, kinds: readonly string[]): LogReference | null {
    const causes = this.#pages.get(page);
    if (causes === undefined) return null;
    for (const kind of kinds) {
      const found = causes.findLast(({ log }) => kind === log.type || kind === `${log.type}/${log.action}`);
      if (found !== undefined) return found.log;
    }
    return null;
  }
}

const deletions = ['delete/delete', 'delete/delete_redir', 'delete/delete_redir2'];

const text = (binary: BinaryString): string => Buffer.from(binary, 'latin1').toString('utf8');

const timeOf = (stamp: string): string =>
  stamp.replace(/^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)$/, '$1-$2-$3T$4:$5:$6Z');

/** Null for the form of long ago, lines of text, and for what cannot be read. */
function parametersOf(params: BinaryString): ReadonlyMap<string, PhpValue> | null {
  if (!params.startsWith('a:')) return null;
  try {
    const value = phpUnserialize(Buffer.from(params, 'latin1'));
    return typeof value === 'object' &&
      value !== null &&
      'entries' in value &&
      'type' in value &&
      value.type === 'array'
      ? value.entries
      : null;
  } catch {
    return null;
  }
}

function idsOf(value: PhpValue | undefined): readonly number[] {
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array || value.type !== 'array')
    return [];
  return [...value.entries.values()]
    .map((id) => Number(id instanceof Uint8Array ? Buffer.from(id).toString('latin1') : id))
    .filter((id) => Number.isSafeInteger(id) && id > 0);
}
