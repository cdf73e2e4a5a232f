import { RotaError } from '../../core/errors/rota-error.ts';
import type { LedgerEntry } from '../ledger/ledger-format.ts';
import { PageDigest } from '../ledger/page-digest.ts';
import { withUserName } from './contributor-name.ts';
import { renderPageHead } from './page-head.ts';
import type { DayRecords, PageRecords } from './read-changes.ts';
import { withTexts } from './with-texts.ts';
import { XmlCursor } from './xml-cursor.ts';

/** One day, opened. */
export interface DayToApply {
  /** For messages. */
  readonly name: string;
  readonly records: DayRecords;
  /** The content of its XML files, decompressed. */
  readonly xml: readonly AsyncIterable<Buffer>[];
}

export interface ApplyOptions {
  readonly full: { readonly name: string; readonly xml: AsyncIterable<Buffer> };
  /** Oldest first. */
  readonly days: readonly DayToApply[];
  /** Of the newest day: what must come out. */
  readonly target: AsyncGenerator<LedgerEntry, void, void>;
  readonly signal: AbortSignal;
  /** Takes the new dump's XML. The bytes are not changed afterwards. */
  write(bytes: Buffer): Promise<void>;
  /** A page that is not as the target says. */
  onUnequal(page: UnequalPage): void;
  onProgress?(totals: ApplyTotals): void;
}

export interface UnequalPage {
  readonly pageId: number;
  readonly what: 'differs' | 'missing' | 'not-expected';
}

export interface ApplyTotals {
  readonly pages: number;
  readonly revisions: number;
  readonly rawBytes: number;
  readonly unequal: number;
}

const pageTail = Buffer.from('  </page>\n');
const foot = Buffer.from('</mediawiki>');

/** Small pieces are gathered before they are handed on. */
const portionBytes = 256 << 10;

/**
 * Makes of a full dump and the days of changes since the dump that the database would have given on the last day, in
 * one pass over all of them, and checks each page against that day's ledger.
 * Memory: a revision and a chunk of each file, and the records of one page.
 */
export async function applyChanges(options: ApplyOptions): Promise<ApplyTotals> {
  return await new Application(options).run();
}

/** One file with revisions. `day` 0 is the full dump. */
interface Source {
  readonly day: number;
  readonly name: string;
  readonly cursor: XmlCursor;
}

/** How a user's name is printed by the newest day after the one given, if any says so. */
type NewNames = (userId: number, after: number) => Buffer | undefined;

interface RecordSource {
  readonly day: number;
  readonly names: ReadonlyMap<number, Buffer>;
  readonly pages: AsyncGenerator<PageRecords, void, void>;
  records: PageRecords | null;
}

class Application {
  readonly #options: ApplyOptions;
  readonly #sources: readonly Source[];
  readonly #records: readonly RecordSource[];
  readonly #names: NewNames | null;
  readonly #digest = new PageDigest();
  #target: LedgerEntry | null = null;
  #portion: Buffer[] = [];
  #portionBytes = 0;
  #totals = { pages: 0, revisions: 0, rawBytes: 0, unequal: 0 };

  constructor(options: ApplyOptions) {
    const { full, days } = options;
    this.#options = options;
    this.#sources = [
      { day: 0, name: full.name, cursor: new XmlCursor(full.xml) },
      ...days.flatMap((day, index) =>
        day.xml.map((xml) => ({ day: index + 1, name: day.name, cursor: new XmlCursor(xml) })),
      ),
    ];
    this.#records = days.map((day, index) => ({
      day: index + 1,
      names: day.records.names,
      pages: day.records.pages(),
      records: null,
    }));
    const named = this.#records.filter(({ names }) => names.size > 0);
    this.#names =
      named.length === 0
        ? null
        : (userId, after) =>
            named.findLast(({ day, names }) => day > after && names.has(userId))?.names.get(userId);
  }

  async run(): Promise<ApplyTotals> {
    try {
      for (const source of this.#sources) await source.cursor.nextPage();
      for (const source of this.#records) await nextRecords(source);
      await this.#nextTarget();
      await this.#write(this.#head());
      for (;;) {
        const pageId = this.#nextPageId();
        if (pageId === null) break;
        this.#options.signal.throwIfAborted();
        await this.#page(pageId);
      }
      for (; this.#target !== null; await this.#nextTarget()) this.#unequal(this.#target.pageId, 'missing');
      await this.#write(foot);
      await this.#flush();
      this.#checkWhole();
      return this.#totals;
    } finally {
      for (const { cursor } of this.#sources) await cursor[Symbol.asyncDispose]();
      for (const { pages } of this.#records) await pages.return();
      await this.#options.target.return();
    }
  }

  /** The newest that is told. */
  #head(): Buffer {
    const newest = this.#options.days.findLast((day) => day.records.head !== null)?.records.head;
    if (typeof newest === 'string') return Buffer.from(newest);
    return this.#sources[0]?.cursor.head ?? Buffer.alloc(0);
  }

  #nextPageId(): number | null {
    let least = Number.POSITIVE_INFINITY;
    for (const { cursor } of this.#sources) least = Math.min(least, cursor.page?.id ?? least);
    for (const { records } of this.#records) least = Math.min(least, records?.pageId ?? least);
    return least === Number.POSITIVE_INFINITY ? null : least;
  }

  async #page(pageId: number): Promise<void> {
    const sources = this.#sources.filter(({ cursor }) => cursor.page?.id === pageId);
    const records = this.#records.filter((source) => source.records?.pageId === pageId);
    let count = 0;
    for (;;) {
      const revision = await takeRevision(sources, records, this.#names);
      if (revision === null) break;
      if (revision.bytes === null) continue;
      if (count === 0) await this.#printed(headOf(pageId, sources, records));
      await this.#printed(revision.bytes);
      count += 1;
    }
    if (count > 0) {
      await this.#printed(pageTail);
      this.#totals.pages += 1;
      this.#totals.revisions += count;
    }
    await this.#compare(pageId, count);
    for (const { cursor } of sources) await cursor.nextPage();
    for (const source of records) await nextRecords(source);
    this.#options.onProgress?.(this.#totals);
  }

  async #compare(pageId: number, count: number): Promise<void> {
    while (this.#target !== null && this.#target.pageId < pageId) {
      this.#unequal(this.#target.pageId, 'missing');
      await this.#nextTarget();
    }
    const expected = this.#target?.pageId === pageId ? this.#target : null;
    if (expected !== null) await this.#nextTarget();
    if (count === 0) {
      if (expected !== null) this.#unequal(pageId, 'missing');
      return;
    }
    const digest = this.#digest.finish();
    if (expected === null) this.#unequal(pageId, 'not-expected');
    else if (expected.revisionCount !== count || !expected.digest.equals(digest))
      this.#unequal(pageId, 'differs');
  }

  #unequal(pageId: number, what: UnequalPage['what']): void {
    this.#totals.unequal += 1;
    this.#options.onUnequal({ pageId, what });
  }

  async #nextTarget(): Promise<void> {
    const next = await this.#options.target.next();
    this.#target = next.done === true ? null : next.value;
  }

  async #printed(bytes: Buffer): Promise<void> {
    this.#digest.add(bytes);
    await this.#write(bytes);
  }

  async #write(bytes: Buffer): Promise<void> {
    this.#totals.rawBytes += bytes.length;
    this.#portion.push(bytes);
    this.#portionBytes += bytes.length;
    if (this.#portionBytes >= portionBytes) await this.#flush();
  }

  async #flush(): Promise<void> {
    const portion = Buffer.concat(this.#portion);
    this.#portion = [];
    this.#portionBytes = 0;
    if (portion.length > 0) await this.#options.write(portion);
  }

  /** A dump that broke off would look like one whose last pages are unchanged. */
  #checkWhole(): void {
    for (const { name, cursor } of this.#sources) {
      if (cursor.isWhole) continue;
      throw new RotaError(
        'CHANGES_UNREADABLE',
        `${name} is no whole dump: it does not end with </mediawiki>, or its ids do not rise; fetch it again`,
        { facts: { file: name } },
      );
    }
  }
}

/** The newest head that is told: a day's record, or as the full dump has it. */
function headOf(pageId: number, sources: readonly Source[], records: readonly RecordSource[]): Buffer {
  const newest = records.findLast((source) => source.records !== null && source.records.head !== null);
  const head = newest?.records?.head;
  if (head) return renderPageHead(pageId, head);
  return sources[0]?.cursor.page?.bytes ?? Buffer.alloc(0);
}

/**
 * Takes the page's next revision, by id, from all files, and settles what became of it: the newest file that has it
 * counts, unless a later day says that it went; then the newest day that says how it is printed; then the newest after
 * that which says what its contributor is called.
 */
async function takeRevision(
  sources: readonly Source[],
  records: readonly RecordSource[],
  names: NewNames | null,
): Promise<{ readonly bytes: Buffer | null } | null> {
  let id = Number.POSITIVE_INFINITY;
  for (const { cursor } of sources) id = Math.min(id, cursor.revision?.id ?? id);
  if (id === Number.POSITIVE_INFINITY) return null;
  let day = -1;
  let bytes: Buffer = Buffer.alloc(0);
  for (const source of sources) {
    const revision = source.cursor.revision;
    if (revision?.id !== id) continue;
    if (source.day > day) {
      day = source.day;
      bytes = revision.bytes;
    }
    await source.cursor.nextRevision();
  }
  let meta: string | undefined;
  let printed = day;
  for (const { day: told, records: of } of records) {
    if (told <= day || of === null) continue;
    if (of.isGone || of.gone.has(id)) return { bytes: null };
    const now = of.meta.get(id);
    if (now === undefined) continue;
    meta = now;
    printed = told;
  }
  const whole = meta === undefined ? bytes : withTexts(Buffer.from(meta), bytes);
  return { bytes: names === null ? whole : withUserName(whole, (userId) => names(userId, printed)) };
}

async function nextRecords(source: RecordSource): Promise<void> {
  const next = await source.pages.next();
  source.records = next.done === true ? null : next.value;
}
