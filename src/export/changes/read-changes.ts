import { RotaError } from '../../core/errors/rota-error.ts';
import { usernameElement } from './contributor-name.ts';
import type { PageChange } from './page-change.ts';

/** What a day's records say of one page, ready to be looked up. */
export interface PageRecords {
  readonly pageId: number;
  head: Extract<PageChange, { kind: 'page' }> | null;
  isGone: boolean;
  readonly gone: Set<number>;
  /** Revision to its XML without texts. */
  readonly meta: Map<number, string>;
}

export interface DayRecords {
  /** The XML's head on that day; null where the file does not say. */
  readonly head: string | null;
  /** Renamed users, by id: how their names are printed now. */
  readonly names: ReadonlyMap<number, Buffer>;
  /** Ascending by page. */
  pages(): AsyncGenerator<PageRecords, void, void>;
}

/**
 * Reads `…-page-changes.jsonl.gz`, decompressed, a page at a time. Memory: the users that were renamed, a page's records,
 * and a chunk.
 * @param name for messages
 * @throws RotaError CHANGES_UNREADABLE
 */
export async function readChanges(chunks: AsyncIterable<Buffer>, name: string): Promise<DayRecords> {
  const changes = parseLines(chunks, name);
  let first = await changes.next();
  const head = first.done !== true && first.value.kind === 'siteinfo' ? first.value.head : null;
  if (head !== null) first = await changes.next();
  const names = new Map<number, Buffer>();
  for (; first.done !== true && first.value.kind === 'actor'; first = await changes.next()) {
    names.set(first.value.user, usernameElement(first.value.name));
  }
  return { head, names, pages: () => byPage(first, changes, name) };
}

async function* byPage(
  first: IteratorResult<PageChange, void>,
  changes: AsyncGenerator<PageChange, void, void>,
  name: string,
): AsyncGenerator<PageRecords, void, void> {
  let records: PageRecords | null = null;
  try {
    for (let next = first; next.done !== true; next = await changes.next()) {
      const change = next.value;
      if (change.kind === 'siteinfo' || change.kind === 'actor') {
        throw unreadable(name, `it has a record ${change.kind} after those of pages`);
      }
      if (records === null || records.pageId !== change.page) {
        if (records !== null) {
          if (change.page < records.pageId) throw unreadable(name, `page ${change.page} is out of order`);
          yield records;
        }
        records = { pageId: change.page, head: null, isGone: false, gone: new Set(), meta: new Map() };
      }
      if (change.kind === 'page') records.head = change;
      else if (change.kind === 'page-gone') records.isGone = true;
      else if (change.kind === 'rev-meta') records.meta.set(change.rev, change.xml);
      else records.gone.add(change.rev);
    }
    if (records !== null) yield records;
  } finally {
    await changes.return();
  }
}

async function* parseLines(
  chunks: AsyncIterable<Buffer>,
  name: string,
): AsyncGenerator<PageChange, void, void> {
  let rest: Buffer = Buffer.alloc(0);
  let number = 0;
  for await (const chunk of chunks) {
    const bytes: Buffer = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    let from = 0;
    for (let end = bytes.indexOf(0x0a); end >= 0; end = bytes.indexOf(0x0a, from)) {
      number += 1;
      yield parse(bytes.toString('utf8', from, end), name, number);
      from = end + 1;
    }
    rest = bytes.subarray(from);
  }
  if (rest.length > 0) throw unreadable(name, `line ${number + 1} does not end`);
}

function parse(line: string, name: string, number: number): PageChange {
  try {
    const change: unknown = JSON.parse(line);
    if (isChange(change)) return change;
  } catch {
    // Said below.
  }
  throw unreadable(name, `line ${number} is no record of this version`);
}

function isChange(value: unknown): value is PageChange {
  if (typeof value !== 'object' || value === null) return false;
  const of = value as Record<string, unknown>;
  const isId = (key: string) => Number.isSafeInteger(of[key]) && Number(of[key]) > 0;
  switch (of.kind) {
    case 'siteinfo':
      return typeof of.head === 'string';
    case 'actor':
      return isId('user') && typeof of.name === 'string';
    case 'page':
      return isId('page') && Number.isSafeInteger(of.ns) && typeof of.title === 'string';
    case 'page-gone':
      return isId('page');
    case 'rev-gone':
      return isId('page') && isId('rev');
    case 'rev-moved':
      return isId('page') && isId('rev') && isId('to');
    case 'rev-meta':
      return isId('page') && isId('rev') && typeof of.xml === 'string';
    default:
      return false;
  }
}

function unreadable(name: string, what: string): RotaError {
  return new RotaError('CHANGES_UNREADABLE', `${name} cannot be read: ${what}; fetch it again`, {
    facts: { file: name },
  });
}
