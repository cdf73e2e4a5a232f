import { closeSync, openSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { RotaError } from '../../core/errors/rota-error.ts';
import type { PrintedUser } from '../../export/changes/contributor-name.ts';
import { changeLine, type PageChange } from '../../export/changes/page-change.ts';
import { parsePageHead } from '../../export/changes/page-head.ts';
import type { LedgerEntry } from '../../export/ledger/ledger-format.ts';
import { type ChosenRevisions, chosenRevisions } from '../../mediawiki/metadata/read-chosen-revisions.ts';
import type { PageRecord } from '../../mediawiki/record/revision-record.ts';
import { writeFully } from '../threads/descriptor.ts';
import type { DifferenceSink } from './compare-states.ts';
import type { LogCauses } from './log-causes.ts';

/** Bytes of lines that are written at once. */
const portionBytes = 1 << 20;

/**
 * Writes the differences down as they are found, one JSON line each, and remembers which revisions are restored. Which
 * gone ones have only moved is known at the end, so a second reading says it (see {@link settledChanges}).
 * Memory: a portion, the users that were renamed, and 16 bytes for each revision that was restored; twice that for each
 * that went while any moved.
 */
export class DifferenceRecorder implements DifferenceSink, Disposable {
  readonly #file: number;
  readonly #onEntry: (entry: LedgerEntry) => Promise<void>;
  #lines: string[] = [];
  #length = 0;
  readonly #restored: [number, number][] = [];
  readonly #gone = new Map<number, number>();
  readonly #renamed = new Map<number, PrintedUser>();
  #inGonePage = 0;

  /** @param path of a new, private file */
  constructor(path: string, onEntry: (entry: LedgerEntry) => Promise<void>) {
    this.#file = openSync(path, 'w', 0o600);
    this.#onEntry = onEntry;
  }

  siteInfo(head: Buffer): void {
    this.#write({ kind: 'siteinfo', head: head.toString('utf8') });
  }

  page(page: PageRecord, head: Buffer): void {
    const parsed = parsePageHead(head);
    if (parsed === null) throw new RotaError('INTERNAL', `The head of page ${page.id} cannot be read back.`);
    this.#write({ kind: 'page', page: page.id, ...parsed });
  }

  pageGone(pageId: number): void {
    this.#inGonePage = pageId;
    this.#write({ kind: 'page-gone', page: pageId });
  }

  revisionGone(pageId: number, id: number): void {
    this.#gone.set(id, pageId);
    if (this.#inGonePage !== pageId) this.#write({ kind: 'rev-gone', page: pageId, rev: id });
  }

  revisionMeta(pageId: number, id: number, xml: Buffer): void {
    this.#write({ kind: 'rev-meta', page: pageId, rev: id, xml: xml.toString('utf8') });
  }

  userRenamed(user: PrintedUser): void {
    this.#renamed.set(user.id, user);
  }

  revisionRestored(pageId: number, id: number): void {
    this.#restored.push([pageId, id]);
  }

  entry(entry: LedgerEntry): Promise<void> {
    return this.#onEntry(entry);
  }

  get restored(): ChosenRevisions {
    return chosenRevisions(this.#restored);
  }

  /** Revisions that went from one page and appeared on another. */
  moves(): RevisionMoves {
    const moves = new Map<number, Map<number, number>>();
    for (const [to, id] of this.#restored) {
      const from = this.#gone.get(id);
      if (from === undefined || from === to) continue;
      const ofPage = moves.get(from) ?? new Map<number, number>();
      ofPage.set(id, to);
      moves.set(from, ofPage);
    }
    return moves;
  }

  /** Ascending by id. */
  renamed(): readonly PrintedUser[] {
    return [...this.#renamed.values()].sort((a, b) => a.id - b.id);
  }

  flush(): void {
    if (this.#lines.length === 0) return;
    writeFully(this.#file, Buffer.from(this.#lines.join('')));
    this.#lines = [];
    this.#length = 0;
  }

  [Symbol.dispose](): void {
    closeSync(this.#file);
  }

  #write(change: PageChange): void {
    const line = changeLine(change);
    this.#lines.push(line);
    this.#length += line.length;
    if (this.#length >= portionBytes) this.flush();
  }
}

/** By the page that was left: revision to the page that it is on now. */
export type RevisionMoves = ReadonlyMap<number, ReadonlyMap<number, number>>;

/** What is known only when everything was compared. */
export interface Settlement {
  readonly moves: RevisionMoves;
  readonly renamed: readonly PrintedUser[];
  readonly causes: LogCauses;
}

/** The lines of a recorder's file in portions: renamed users after the head, moves told as such, each with its cause. */
export async function* settledChanges(
  path: string,
  settlement: Settlement,
): AsyncGenerator<Buffer, void, void> {
  const { moves, renamed, causes } = settlement;
  const isPlain = moves.size === 0 && causes.isEmpty;
  await using file = await open(path, 'r');
  let portion: string[] = [];
  let length = 0;
  let isHead = true;
  for await (const line of file.readLines({ encoding: 'utf8' })) {
    const settled = isHead || isPlain ? `${line}\n` : settle(JSON.parse(line) as PageChange, settlement);
    const users = isHead ? renamed.map((user) => renamedLine(user, causes)) : [];
    isHead = false;
    portion.push(settled, ...users);
    length += settled.length;
    if (length < portionBytes) continue;
    yield Buffer.from(portion.join(''));
    portion = [];
    length = 0;
  }
  if (portion.length > 0) yield Buffer.from(portion.join(''));
}

function renamedLine({ id, name }: PrintedUser, causes: LogCauses): string {
  return told({ kind: 'actor', user: id, name }, causes);
}

function settle(change: PageChange, { moves, causes }: Settlement): string {
  if (change.kind !== 'rev-gone' && change.kind !== 'page-gone') return told(change, causes);
  const ofPage = moves.get(change.page);
  if (ofPage === undefined) return told(change, causes);
  if (change.kind === 'rev-gone') {
    const to = ofPage.get(change.rev);
    const { page, rev } = change;
    return told(to === undefined ? change : { kind: 'rev-moved', page, rev, to }, causes);
  }
  const moved = [...ofPage].sort(([a], [b]) => a - b);
  return [
    told(change, causes),
    ...moved.map(([rev, to]) => told({ kind: 'rev-moved', page: change.page, rev, to }, causes)),
  ].join('');
}

function told(change: PageChange, causes: LogCauses): string {
  if (change.kind === 'siteinfo') return changeLine(change);
  const log = causes.of(change);
  return changeLine(log === null ? change : { ...change, log });
}
