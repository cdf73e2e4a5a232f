import type { Bz2Compressor } from '../../export/containers/bz2/compressor.ts';
import { OutputBuffer } from '../../export/kernel/output-buffer.ts';
import type { WriterOptions } from '../../export/writer/options.ts';
import { PageRenderer } from '../../export/writer/page-renderer.ts';
import { dropReason, needsText } from '../../export/writer/visibility.ts';
import type { PagePart, RecordChunk } from '../../mediawiki/record/page-part.ts';
import type { PageRecord, RevisionRecord } from '../../mediawiki/record/revision-record.ts';
import type { TextOutcome, TextSource } from '../../mediawiki/text/text-source.ts';
import { SpoolReader } from '../spool/spool-reader.ts';
import type { FailedRevision } from '../threads/failed-revision.ts';
import { framing } from '../threads/render-chunk.ts';
import { type ChunkTexts, TextLoader } from '../threads/text-loader.ts';
import { redactor } from './apply-redactions.ts';
import { Lane } from './lane.ts';
import { laneFilters, type PieceReport, type PieceSpec, splitGroupOf } from './piece-spec.ts';
import { SplitMeter } from './split-meter.ts';

export interface PieceBuilderOptions {
  /** Schema, profile and site; `texts` is each lane's own. */
  readonly writer: WriterOptions;
  /** Null where no program for bz2 is there and no lane needs one. */
  readonly compressor: Bz2Compressor | null;
  openTexts(): Promise<TextSource>;
  onProgress(revisions: number, rawBytes: number): void;
}

/**
 * Builds all outputs of one range of the spool at once: each revision's text is read and rendered once, and its bytes
 * go to every lane that shows it.
 * Memory: one bundle a lane, two chunks of metadata, and the compressed texts of two chunks.
 */
export class PieceBuilder {
  readonly #options: PieceBuilderOptions;

  constructor(options: PieceBuilderOptions) {
    this.#options = options;
  }

  async build(spec: PieceSpec, signal: AbortSignal): Promise<PieceReport> {
    const lanes: Lane[] = [];
    try {
      for (const lane of spec.lanes) {
        lanes.push(new Lane(lane, spec.folder, lane.format === 'bz2' ? this.#options.compressor : null));
      }
      const meters = spec.splits.map(
        (split) =>
          new SplitMeter(
            split,
            lanes.filter((lane) => splitGroupOf(lane.spec.output) === split.group),
          ),
      );
      const work = new PieceWork(this.#options, lanes, meters);
      using spool = SpoolReader.open(spec.spoolFolder);
      const redact = redactor(spec.redactions);
      // The texts of the next chunk are on their way while this one is rendered.
      const load = (index: number) => {
        if (index >= spec.toChunk) return null;
        const chunk = redact(spool.chunk(index));
        const texts = work.load(chunk, signal);
        texts.catch(() => undefined);
        return { chunk, texts };
      };
      let next = load(spec.fromChunk);
      for (let index = spec.fromChunk; next; index++) {
        const { chunk, texts } = next;
        const ready = await texts;
        next = load(index + 1);
        signal.throwIfAborted();
        work.render(chunk, ready);
        ready.release();
        await Promise.all(lanes.map((lane) => lane.settle()));
      }
      for (const meter of meters) meter.finish();
      const reports = await Promise.all(lanes.map((lane) => lane.finish()));
      const splits = meters.map(({ group, segments }) => ({ group, segments }));
      return { ...work.totals, lanes: reports, splits, failed: work.failed };
    } finally {
      for (const lane of lanes) lane.close();
    }
  }
}

/** One kind of text (stub or full): its renderer and the lanes that take its bytes. */
interface Group {
  readonly writer: WriterOptions;
  readonly buffer: OutputBuffer;
  readonly renderer: PageRenderer;
  /** Lanes with all revisions, with the latest only, and with the latest of articles only. */
  readonly all: readonly Lane[];
  readonly latest: readonly Lane[];
  readonly articles: readonly Lane[];
}

class PieceWork {
  readonly failed: FailedRevision[] = [];
  readonly totals = { pages: 0, revisions: 0, rawBytes: 0 };
  readonly #options: PieceBuilderOptions;
  readonly #groups: readonly Group[];
  readonly #meters: readonly SplitMeter[];
  readonly #loader: TextLoader;

  constructor(options: PieceBuilderOptions, lanes: readonly Lane[], meters: readonly SplitMeter[]) {
    this.#options = options;
    this.#meters = meters;
    // Texts first: they find all that stubs find, and more.
    this.#groups = (['full', 'stub'] as const).flatMap((texts) => this.#group(texts, lanes));
    this.#loader = new TextLoader(
      () => options.openTexts(),
      (page, revision, slot) =>
        this.#groups.some(
          (group) => isRendered(group, page, revision) && needsText(page, revision, slot, group.writer),
        ),
    );
  }

  load(chunk: RecordChunk, signal: AbortSignal): Promise<ChunkTexts> {
    return this.#loader.load(chunk, signal);
  }

  render(chunk: RecordChunk, texts: ChunkTexts): void {
    const rawBefore = this.totals.rawBytes;
    for (const part of chunk.parts) {
      if (part.isFirst) this.totals.pages += 1;
      const wanted = part.revisions.map((revision) => this.#textsOf(part.page, revision, texts));
      for (const meter of this.#meters) meter.before(part);
      for (const group of this.#groups) this.#renderPart(group, part, wanted);
      for (const meter of this.#meters) meter.after(part);
    }
    this.totals.revisions += chunk.revisionCount;
    this.#options.onProgress(chunk.revisionCount, this.totals.rawBytes - rawBefore);
  }

  #group(texts: 'full' | 'stub', lanes: readonly Lane[]): Group[] {
    const mine = lanes.filter((lane) => laneFilters[lane.spec.output].texts === texts);
    if (mine.length === 0) return [];
    const of = (kind: 'all' | 'latest' | 'articles') =>
      mine.filter((lane) => laneFilters[lane.spec.output].revisions === kind);
    const writer: WriterOptions = { ...this.#options.writer, texts };
    const buffer = new OutputBuffer();
    const renderer = new PageRenderer(writer, buffer);
    return [{ writer, buffer, renderer, all: of('all'), latest: of('latest'), articles: of('articles') }];
  }

  #textsOf(page: PageRecord, revision: RevisionRecord, texts: ChunkTexts): (TextOutcome | null)[] {
    return revision.slots.map((slot) =>
      this.#groups.some(
        (group) => isRendered(group, page, revision) && needsText(page, revision, slot, group.writer),
      )
        ? texts.next()
        : null,
    );
  }

  #renderPart(group: Group, part: PagePart, wanted: readonly (readonly (TextOutcome | null)[])[]): void {
    const { page } = part;
    const { head, tail } = framing(part, group.writer);
    const headBytes = this.#headBytes(group, page);
    if (head) for (const lane of group.all) lane.beginPage(page.id, headBytes);
    if (!part.isFirst) for (const lane of group.all) lane.continuePage(page.id);
    for (const [index, revision] of part.revisions.entries()) {
      if (!isRendered(group, page, revision)) continue;
      group.buffer.reset();
      const findings = group.renderer.revision(page, revision, wanted[index] ?? []);
      if (this.#reporter(page, revision) === group) {
        for (const finding of findings)
          this.failed.push({ page: page.id, revision: revision.id, ...finding });
      }
      if (dropReason(revision, group.writer) !== null) continue;
      const bytes = group.buffer.bytes();
      this.totals.rawBytes += bytes.length;
      for (const lane of group.all) lane.revision(bytes);
      if (revision.id !== page.latestRevisionId) continue;
      for (const lane of isArticle(page) ? [...group.latest, ...group.articles] : group.latest) {
        lane.beginPage(page.id, headBytes);
        lane.revision(bytes);
        lane.endPage(pageTail);
      }
    }
    if (tail) for (const lane of group.all) lane.endPage(pageTail);
  }

  /** Of several groups that render a revision, the one whose findings are kept. */
  #reporter(page: PageRecord, revision: RevisionRecord): Group | undefined {
    return this.#groups.find((group) => isRendered(group, page, revision));
  }

  /** A copy: the buffer is used again for the revisions. */
  #headBytes(group: Group, page: PageRecord): Buffer {
    group.buffer.reset();
    group.renderer.pageHead(page);
    return Buffer.from(group.buffer.bytes());
  }
}

const pageTail = Buffer.from('  </page>\n');

/** `latest`, `notalk` and `namespace:!NS_USER`, as the field's pages-articles are filtered. */
function isArticle(page: PageRecord): boolean {
  return page.namespace % 2 === 0 && page.namespace !== userNamespace;
}

const userNamespace = 2;

function isRendered(group: Group, page: PageRecord, revision: RevisionRecord): boolean {
  if (group.all.length > 0) return true;
  if (revision.id !== page.latestRevisionId) return false;
  return group.latest.length > 0 || isArticle(page);
}
