import type { DemoDatabase } from '../database/demo-database.ts';
import { TableWriter } from '../database/table-writer.ts';
import { type ByteText, plainText } from '../language/byte-text.ts';
import { type LanguageCode, languages } from '../language/languages.ts';
import { capital } from '../language/vocabulary.ts';
import type { SchemaVersion } from '../schema/schema-version.ts';
import type { IdCounters } from './id-counters.ts';

export interface LinkSource {
  readonly pageId: number;
  readonly namespace: number;
  readonly title: string;
  /** 14 digits. */
  readonly timestamp: string;
}

export interface PageName {
  readonly namespace: number;
  readonly title: string;
}

const externalLink = /https:\/\/([a-z0-9.-]+)(\/[^\s|\]]*)/g;
/** Bytes; MediaWiki takes nothing longer for a link. */
const longestTitle = 255;
const otherLanguages = new Set(['de', 'es']);

/** Reads the links out of a page's latest text into the link tables, roughly as MediaWiki's parser would. */
export class LinkRecorder {
  readonly #schema: SchemaVersion;
  readonly #ids: IdCounters;
  readonly #namespaces: ReadonlyMap<string, number>;
  readonly #targets = new Map<string, number>();
  readonly #categories = new Map<string, { pages: number; subcategories: number; files: number }>();
  readonly #linkTarget: TableWriter;
  readonly #page: TableWriter;
  readonly #template: TableWriter;
  readonly #image: TableWriter;
  readonly #category: TableWriter;
  readonly #external: TableWriter;
  readonly #language: TableWriter;
  readonly #redirect: TableWriter;

  constructor(database: DemoDatabase, schema: SchemaVersion, language: LanguageCode, ids: IdCounters) {
    this.#schema = schema;
    this.#ids = ids;
    this.#namespaces = new Map(
      Object.entries(languages[language].namespaces).map(([id, name]) => [name, Number(id)]),
    );
    const writer = (table: string, columns: string): TableWriter =>
      new TableWriter(database, table, columns.split(' '));
    this.#linkTarget = writer('linktarget', 'lt_id lt_namespace lt_title');
    this.#page =
      schema === '1.43'
        ? writer('pagelinks', 'pl_from pl_from_namespace pl_target_id')
        : writer('pagelinks', 'pl_from pl_from_namespace pl_namespace pl_title');
    this.#template =
      schema === '1.35'
        ? writer('templatelinks', 'tl_from tl_from_namespace tl_namespace tl_title')
        : writer('templatelinks', 'tl_from tl_from_namespace tl_target_id');
    this.#image = writer('imagelinks', 'il_from il_to il_from_namespace');
    this.#category = writer(
      'categorylinks',
      'cl_from cl_to cl_sortkey cl_sortkey_prefix cl_timestamp cl_collation cl_type',
    );
    this.#external =
      schema === '1.43'
        ? writer('externallinks', 'el_id el_from el_to_domain_index el_to_path')
        : writer('externallinks', 'el_id el_from el_to el_index el_index_60');
    this.#language = writer('langlinks', 'll_from ll_lang ll_title');
    this.#redirect = writer('redirect', 'rd_from rd_namespace rd_title rd_interwiki rd_fragment');
  }

  /** A row that linktarget has already. */
  knowTarget(namespace: number, title: string, id: number): void {
    this.#targets.set(`${namespace}:${title}`, id);
  }

  /** Writes the links of a text. */
  add(source: LinkSource, text: ByteText): void {
    const seen = new Set<string>();
    for (let from = text.indexOf('[['); from >= 0; from = text.indexOf('[[', from + 2)) {
      const to = text.indexOf(']]', from);
      if (to < 0) break;
      const pipe = text.indexOf('|', from);
      const inner = text.slice(from + 2, pipe > 0 && pipe < to ? pipe : to);
      if (inner.length > 0 && inner.length < 300 && !seen.has(inner)) {
        seen.add(inner);
        this.#link(source, plainText(inner), seen);
      }
    }
    for (const match of text.matchAll(/\{\{([A-Z\x80-\xff][^|{}#\n<]*)[|}\n]/g)) {
      const name = (match[1] ?? '').trim();
      if (name === '' || seen.has(`{{${name}`)) continue;
      seen.add(`{{${name}`);
      this.#templateLink(source, plainText(name).replaceAll(' ', '_'));
    }
    for (const match of text.matchAll(externalLink)) {
      const [url, host = '', path = ''] = match;
      if (seen.has(url)) continue;
      seen.add(url);
      this.#externalLink(source.pageId, plainText(host), plainText(path));
    }
  }

  redirect(from: number, target: PageName): void {
    this.#redirect.add([from, target.namespace, target.title, '', '']);
  }

  /** Rows of `category`: title, pages, subcategories, files. */
  *categoryCounts(): Generator<readonly [string, number, number, number]> {
    for (const [title, { pages, subcategories, files }] of this.#categories) {
      yield [title, pages, subcategories, files];
    }
  }

  get writers(): readonly TableWriter[] {
    return [
      this.#linkTarget,
      this.#page,
      this.#template,
      this.#image,
      this.#category,
      this.#external,
      this.#language,
      this.#redirect,
    ];
  }

  /** Splits a link's target as MediaWiki does: namespace, then a title with underscores and a capital first. */
  nameOf(target: string): PageName {
    const plain = (target.split('#')[0] ?? '').trim();
    const colon = plain.indexOf(':');
    const namespace = colon < 0 ? undefined : this.#namespaces.get(plain.slice(0, colon));
    const title = namespace === undefined || namespace === 0 ? plain : plain.slice(colon + 1);
    return { namespace: namespace ?? 0, title: capital(title.trim()).replaceAll(' ', '_') };
  }

  #link(source: LinkSource, target: string, seen: Set<string>): void {
    const colon = target.indexOf(':');
    if (colon === 2 && otherLanguages.has(target.slice(0, 2))) {
      const language = target.slice(0, 2);
      if (seen.has(`${language}:`)) return;
      seen.add(`${language}:`);
      this.#language.add([source.pageId, language, target.slice(3, 80)]);
      return;
    }
    const { namespace, title } = this.nameOf(target);
    const key = `${namespace}:${title}`;
    if (title === '' || Buffer.byteLength(title) > longestTitle || seen.has(key)) return;
    seen.add(key);
    if (namespace === 14) this.#categoryLink(source, title);
    else if (namespace === 6) this.#image.add([source.pageId, title, source.namespace]);
    else if (this.#schema === '1.43') {
      this.#page.add([source.pageId, source.namespace, this.#target(namespace, title)]);
    } else this.#page.add([source.pageId, source.namespace, namespace, title]);
  }

  #categoryLink(source: LinkSource, title: string): void {
    const type = source.namespace === 14 ? 'subcat' : source.namespace === 6 ? 'file' : 'page';
    const counts = this.#categories.get(title) ?? { pages: 0, subcategories: 0, files: 0 };
    counts.pages += 1;
    if (type === 'subcat') counts.subcategories += 1;
    if (type === 'file') counts.files += 1;
    this.#categories.set(title, counts);
    const sortKey = Buffer.from(source.title.replaceAll('_', ' ').toUpperCase()).subarray(0, 230);
    this.#category.add([source.pageId, title, sortKey, '', source.timestamp, 'uppercase', type]);
  }

  #templateLink(source: LinkSource, title: string): void {
    if (Buffer.byteLength(title) > longestTitle) return;
    if (this.#schema === '1.35') this.#template.add([source.pageId, source.namespace, 10, title]);
    else this.#template.add([source.pageId, source.namespace, this.#target(10, title)]);
  }

  #externalLink(pageId: number, host: string, path: string): void {
    const id = ++this.#ids.externalLink;
    const domain = `https://${host.split('.').reverse().join('.')}.`;
    if (this.#schema === '1.43') this.#external.add([id, pageId, domain, path]);
    else {
      const index = `${domain}${path}`;
      this.#external.add([id, pageId, `https://${host}${path}`, index, index.slice(0, 60)]);
    }
  }

  #target(namespace: number, title: string): number {
    const key = `${namespace}:${title}`;
    const known = this.#targets.get(key);
    if (known !== undefined) return known;
    const id = ++this.#ids.linkTarget;
    this.#targets.set(key, id);
    this.#linkTarget.add([id, namespace, title]);
    return id;
  }
}
