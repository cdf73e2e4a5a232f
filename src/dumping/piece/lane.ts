import { createHash, hash } from 'node:crypto';
import { closeSync, fsyncSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { FreeMemory } from '../../core/free-memory.ts';
import type { Bz2Compressor } from '../../export/containers/bz2/compressor.ts';
import { multistreamPages } from '../../export/containers/bz2/multistream.ts';
import { CopyCursor, type CopyRange } from '../carry/copy-planner.ts';
import { tailRevision } from '../carry/position.ts';
import { tailDigest, type UnitDigest } from '../carry/unit-digest.ts';
import { UnitLog } from '../carry/unit-log.ts';
import { writeFully } from '../threads/descriptor.ts';
import { BundleContents } from './bundle-contents.ts';
import { BundleCutter } from './bundle-cutter.ts';
import { bundleLimit } from './bundle-limit.ts';
import { type Packed, packBundle } from './pack-bundle.ts';
import type { BundleLine, BundleSizes, LaneReport, LaneSpec, PageRange } from './piece-spec.ts';

/** Bundles of one lane that are being compressed at once by programs; the next waits. */
const pendingBundles = 1;

/** For the bundles of all pieces that a thread makes. */
const memoryOfLanes = new FreeMemory(8, 16 << 20);

/** Which bundles of the date before a lane copies, and where their bytes are. */
export interface LaneCopies {
  readonly ranges: readonly CopyRange[];
  /** @throws RotaError when the bundle is not any more what it was */
  read(range: CopyRange): Buffer;
}

/** What is known of a bundle before it is compressed. */
type MadeLine = Omit<BundleLine, 'length' | 'blocks' | 'sha256'>;

/** A revision as the next dump will compare it. */
export interface RevisionUnit {
  readonly page: number;
  readonly revision: number;
  readonly digest: UnitDigest;
}

const noCopies: LaneCopies = { ranges: [], read: () => Buffer.alloc(0) };

/**
 * One file of a piece: takes XML, cuts it into bundles, compresses each and writes them in order, hashing as it goes.
 * Memory: one raw bundle and what is being compressed (two bundles more for bz2, whose compressor is a program).
 */
export class Lane {
  readonly spec: LaneSpec;
  readonly #compressor: Bz2Compressor | null;
  readonly #cutter: BundleCutter;
  readonly #indexed: boolean;
  readonly #file: number;
  readonly #bundles: number;
  readonly #hash = createHash('sha256');
  #buffer: Buffer;
  #length = 0;
  readonly #contents = new BundleContents();
  /** Stubs are never carried over. */
  readonly #units: UnitLog | null;
  readonly #copies: LaneCopies;
  readonly #cursor: CopyCursor;
  #copyEnds = false;
  #copying: CopyRange | null = null;
  #isInPage = false;
  #pageRange: PageRange | null = null;
  #written: Promise<void> = Promise.resolve();
  readonly #pending = new Set<Promise<void>>();
  #totals = { sizeBytes: 0, rawBytes: 0, pages: 0, revisions: 0, bundles: 0 };

  constructor(
    spec: LaneSpec,
    folder: string,
    compressor: Bz2Compressor | null,
    bundle: BundleSizes,
    copies: LaneCopies = noCopies,
  ) {
    this.spec = spec;
    this.#copies = copies;
    this.#cursor = new CopyCursor(copies.ranges);
    this.#units = spec.format === 'gz' ? null : new UnitLog();
    this.#compressor = compressor;
    this.#indexed = spec.output === 'articles' && spec.format === 'bz2';
    const limit = bundleLimit(spec, bundle);
    this.#cutter = new BundleCutter({ rawBytes: limit, pages: this.#indexed ? multistreamPages : Infinity });
    this.#buffer = memoryOfLanes.take(limit + (1 << 18));
    this.#file = openSync(join(folder, this.#fileName), 'wx', 0o600);
    this.#bundles = openSync(join(folder, this.#bundlesName), 'wx', 0o600);
  }

  get #fileName(): string {
    return `${this.spec.output}.${this.spec.format}`;
  }

  get #bundlesName(): string {
    return `${this.#fileName}.bundles`;
  }

  /** Bytes and pages that the lane was given so far. */
  get given(): { readonly rawBytes: number; readonly pages: number } {
    return { rawBytes: this.#totals.rawBytes + this.#length, pages: this.#totals.pages };
  }

  get isCopying(): boolean {
    return this.#copying !== null && !this.#copyEnds;
  }

  /** Told before each unit: false where it is copied with its bundle, and must not be given to the lane. */
  wantsUnit(): boolean {
    const taken = this.#cursor.take();
    if (taken === null) {
      this.#copying = null;
      return true;
    }
    const { copy, begins, ends } = taken;
    if (begins) this.#copy(copy);
    this.#copying = copy;
    this.#copyEnds = ends;
    return false;
  }

  /** In place of {@link wantsUnit} for so many units, which are all copied. */
  passUnits(count: number): void {
    const passed = this.#cursor.pass(count);
    if (passed === null) return;
    for (const copy of passed.begun) this.#copy(copy);
    this.#copying = passed.last;
    this.#copyEnds = passed.ends;
  }

  beginPage(id: number, head: Uint8Array, digest: UnitDigest = null): void {
    this.#totals.pages += 1;
    this.#units?.add(this.#length, [id, 0], digest);
    this.#contents.begin(this.#length, id, this.#indexed ? titleOf(head) : '');
    this.#isInPage = true;
    this.#append(head);
  }

  /** What follows belongs to a page that began in another piece. */
  continuePage(id: number): void {
    this.#contents.continue(id);
    this.#isInPage = true;
  }

  revision(bytes: Uint8Array, unit: RevisionUnit): void {
    this.#totals.revisions += 1;
    this.#units?.add(this.#length, [unit.page, unit.revision], unit.digest);
    this.#append(bytes);
    this.#contents.revisionEnded(this.#length);
    this.#boundary('revision');
  }

  endPage(id: number, tail: Uint8Array): void {
    this.#units?.add(this.#length, [id, tailRevision], tailDigest);
    this.#append(tail);
    this.#isInPage = false;
    this.#boundary('page');
  }

  /** Ends the bundle here, because a file may be cut here. */
  endBundle(): void {
    if (this.#length > 0) this.#cut({ bytes: this.#length, whole: !this.#isInPage });
    this.#cutter.reset();
  }

  /** Waits while more is being compressed than should be held. */
  async settle(): Promise<void> {
    while (this.#pending.size > pendingBundles) await Promise.race(this.#pending);
  }

  /** Compresses what is left, makes the files durable and tells what they hold. */
  async finish(): Promise<LaneReport> {
    this.endBundle();
    await this.#written;
    fsyncSync(this.#file);
    fsyncSync(this.#bundles);
    return {
      ...this.spec,
      file: this.#fileName,
      bundlesFile: this.#bundlesName,
      sha256: this.#hash.digest('hex'),
      ...this.#totals,
      pageRange: this.#pageRange,
    };
  }

  /** To be called once; nothing is given to it afterwards. */
  close(): void {
    memoryOfLanes.keep(this.#buffer);
    this.#buffer = Buffer.alloc(0);
    closeSync(this.#file);
    closeSync(this.#bundles);
  }

  #append(bytes: Uint8Array): void {
    const end = this.#length + bytes.length;
    if (end > this.#buffer.length) {
      const bigger = Buffer.allocUnsafeSlow(Math.max(end, Math.ceil(this.#buffer.length * 1.5)));
      this.#buffer.copy(bigger, 0, 0, this.#length);
      this.#buffer = bigger;
    }
    this.#buffer.set(bytes, this.#length);
    this.#length = end;
  }

  #boundary(kind: 'revision' | 'page'): void {
    let cut = this.#cutter.boundary(this.#length, kind);
    while (cut) {
      this.#cut(cut);
      cut = this.#length > 0 ? this.#cutter.boundary(this.#length, kind) : null;
    }
  }

  #cut(cut: { readonly bytes: number; readonly whole: boolean }): void {
    const raw = this.#buffer.subarray(0, cut.bytes);
    const { begun, firstPage, lastPage, revisions } = this.#contents.take(cut.bytes, cut.whole);
    this.#pageRange = { firstPageId: this.#pageRange?.firstPageId ?? firstPage, lastPageId: lastPage };
    this.#totals.rawBytes += raw.length;
    const units = this.#units?.take(cut.bytes) ?? null;
    const line = {
      raw: raw.length,
      whole: cut.whole,
      firstPage,
      lastPage,
      begun: begun.length,
      revisions,
      ...(this.#indexed ? { pages: begun.map((page) => [page.id, page.title] as const) } : {}),
      ...(units === null ? {} : { units }),
    };
    const packed = packBundle(raw, this.spec.format, this.#compressor);
    if (packed instanceof Promise) this.#writeLater(packed, line);
    else this.#write(packed, line);
    this.#buffer.copyWithin(0, cut.bytes, this.#length);
    this.#length -= cut.bytes;
  }

  #copy(range: CopyRange): void {
    this.endBundle();
    const bytes = this.#copies.read(range);
    const { at: _at, bits: _bits, crc: _crc, piece: _piece, part: _part, ...line } = range.line;
    this.#pageRange = {
      firstPageId: this.#pageRange?.firstPageId ?? line.firstPage,
      lastPageId: line.lastPage,
    };
    this.#totals.rawBytes += line.raw;
    this.#totals.pages += line.begun;
    this.#totals.revisions += line.revisions;
    this.#isInPage = !line.whole;
    this.#contents.resume(line.whole ? 0 : line.lastPage);
    const packed = { bytes, ...(line.blocks === undefined ? {} : { blocks: line.blocks }) };
    const copied = { ...line, copied: true as const };
    if (this.#compressor) this.#writeLater(Promise.resolve(packed), copied);
    else this.#write(packed, copied);
  }

  /** In its turn, when it and what comes before it are compressed. */
  #writeLater(packed: Promise<Packed>, line: MadeLine): void {
    const written: Promise<void> = this.#written
      .then(() => packed)
      .then((result) => this.#write(result, line))
      .finally(() => this.#pending.delete(written));
    this.#written = written;
    this.#pending.add(written);
    // Whoever waits in settle() or finish() hears of a failure; until then it must not count as unhandled.
    packed.catch(() => undefined);
    written.catch(() => undefined);
  }

  #write(packed: Packed, line: MadeLine): void {
    writeFully(this.#file, packed.bytes);
    this.#hash.update(packed.bytes);
    this.#totals.sizeBytes += packed.bytes.length;
    this.#totals.bundles += 1;
    const full: BundleLine = {
      ...line,
      length: packed.bytes.length,
      ...(packed.blocks === undefined ? {} : { blocks: packed.blocks }),
      sha256: hash('sha256', packed.bytes, 'hex'),
    };
    // Titles are binary strings; as latin1 characters they pass through JSON unharmed.
    writeFully(this.#bundles, Buffer.from(`${JSON.stringify(full)}\n`));
  }
}

/** The page's title as it stands in the XML, one character a byte. */
function titleOf(head: Uint8Array): string {
  const text = Buffer.from(head.buffer, head.byteOffset, head.byteLength).toString('latin1');
  return /<title>([^<]*)<\/title>/.exec(text)?.[1] ?? '';
}
