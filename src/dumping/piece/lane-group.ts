import { OutputBuffer } from '../../export/kernel/output-buffer.ts';
import type { WriterOptions } from '../../export/writer/options.ts';
import { PageRenderer } from '../../export/writer/page-renderer.ts';
import type { PageRecord, RevisionRecord } from '../../mediawiki/record/revision-record.ts';
import { type LaneSpec, laneFilters } from './piece-spec.ts';

/** One kind of text (stub or full): its renderer and the lanes that take its bytes. */
export interface LaneGroup<L> {
  readonly writer: WriterOptions;
  readonly buffer: OutputBuffer;
  readonly renderer: PageRenderer;
  /** Lanes with all revisions, with the latest only, and with the latest of articles only. */
  readonly all: readonly L[];
  readonly latest: readonly L[];
  readonly articles: readonly L[];
}

/** The group of one kind of text; null where no lane has it. */
export function laneGroup<L>(
  texts: 'full' | 'stub',
  writer: WriterOptions,
  lanes: readonly { readonly spec: LaneSpec; readonly lane: L }[],
): LaneGroup<L> | null {
  const mine = lanes.filter(({ spec }) => laneFilters[spec.output].texts === texts);
  if (mine.length === 0) return null;
  const of = (kind: 'all' | 'latest' | 'articles') =>
    mine.filter(({ spec }) => laneFilters[spec.output].revisions === kind).map(({ lane }) => lane);
  const own: WriterOptions = { ...writer, texts };
  const buffer = new OutputBuffer();
  const renderer = new PageRenderer(own, buffer);
  return { writer: own, buffer, renderer, all: of('all'), latest: of('latest'), articles: of('articles') };
}

/** The lanes that take a page's latest revision by itself. */
export function latestLanes<L>(group: LaneGroup<L>, page: PageRecord): readonly L[] {
  if (!isArticle(page) || group.articles.length === 0) return group.latest;
  return [...group.latest, ...group.articles];
}

/** The page's head. A copy: the buffer is used again for the revisions. */
export function headBytes<L>(group: LaneGroup<L>, page: PageRecord): Buffer {
  group.buffer.reset();
  group.renderer.pageHead(page);
  return Buffer.from(group.buffer.bytes());
}

/** Whether a group writes a revision at all. */
export function isRendered<L>(group: LaneGroup<L>, page: PageRecord, revision: RevisionRecord): boolean {
  if (group.all.length > 0) return true;
  return revision.id === page.latestRevisionId && latestLanes(group, page).length > 0;
}

const userNamespace = 2;

/** `latest`, `notalk` and `namespace:!NS_USER`, as the field's pages-articles are filtered. */
function isArticle(page: PageRecord): boolean {
  return page.namespace % 2 === 0 && page.namespace !== userNamespace;
}
