import { closeSync, openSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { RotaError } from '../../core/errors/rota-error.ts';
import { changeLine, type PageChange } from '../../export/changes/page-change.ts';
import { parsePageHead } from '../../export/changes/page-head.ts';
import type { LedgerEntry } from '../../export/ledger/ledger-format.ts';
import { type ChosenRevisions, chosenRevisions } from '../../mediawiki/metadata/read-chosen-revisions.ts';
import type { PageRecord } from '../../mediawiki/record/revision-record.ts';
import { writeFully } from '../threads/descriptor.ts';
import type { DifferenceSink } from './compare-states.ts';

/** Bytes of lines that are written at once. */
const portionBytes = 1 << 20;

/**
 * Writes the differences down as they are found, one JSON line each, and remembers which revisions are restored. Which
 * gone ones have only moved is known at the end, so a second reading says it (see {@link settledChanges}).
 * Memory: a portion, and 16 bytes for each revision that was restored; twice that for each that went while any moved.
 */
export class DifferenceRecorder implements DifferenceSink, Disposable {
  readonly #file: number;
  readonly #onEntry: (entry: LedgerEntry) => Promise<void>;
  #lines: string[] = [];
  #length = 0;
  readonly #restored: [number, number][] = [];
  readonly #gone = new Map<number, number>();
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

/** The lines of a recorder's file in portions, with moves told as such. */
export async function* settledChanges(
  path: string,
  moves: RevisionMoves,
): AsyncGenerator<Buffer, void, void> {
  await using file = await open(path, 'r');
  let portion: string[] = [];
  let length = 0;
  for await (const line of file.readLines({ encoding: 'utf8' })) {
    const settled = moves.size === 0 ? `${line}\n` : settle(line, moves);
    portion.push(settled);
    length += settled.length;
    if (length < portionBytes) continue;
    yield Buffer.from(portion.join(''));
    portion = [];
    length = 0;
  }
  if (portion.length > 0) yield Buffer.from(portion.join(''));
}

function settle(line: string, moves: RevisionMoves): string {
  if (!line.startsWith('{"kind":"rev-gone"') && !line.startsWith('{"kind":"page-gone"')) return `${line}\n`;
  const change = JSON.parse(line) as Extract<PageChange, { kind: 'rev-gone' | 'page-gone' }>;
  const ofPage = moves.get(change.page);
  if (ofPage === undefined) return `${line}\n`;
  if (change.kind === 'rev-gone') {
    const to = ofPage.get(change.rev);
    return changeLine(
      to === undefined ? change : { kind: 'rev-moved', page: change.page, rev: change.rev, to },
    );
  }
  const moved = [...ofPage].sort(([a], [b]) => a - b);
  return [
    changeLine(change),
    ...moved.map(([rev, to]) => changeLine({ kind: 'rev-moved', page: change.page, rev, to })),
  ].join('');
}
