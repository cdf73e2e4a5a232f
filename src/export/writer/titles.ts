import type { BinaryString } from '../../mediawiki/record/revision-record.ts';
import type { SiteInfo } from '../../mediawiki/siteinfo/site-info.ts';
import { toBinary } from './escape-markup.ts';

/** Prefixed titles as MediaWiki exports them: with the canonical local namespace name, never a gendered one. */
export class Titles {
  /** Prefixes with their colon, as binary strings, by namespace. */
  readonly #prefixes: ReadonlyMap<number, BinaryString>;

  constructor(siteInfo: SiteInfo) {
    this.#prefixes = new Map(
      siteInfo.namespaces.map(({ id, name }) => [id, name === '' ? '' : `${toBinary(name)}:`]),
    );
  }

  /** A page of a namespace that is not registered has no prefix. */
  text(namespace: number, title: BinaryString): BinaryString {
    return (this.#prefixes.get(namespace) ?? '') + spaced(title);
  }
}

const spaced = (title: BinaryString): BinaryString =>
  title.includes('_') ? title.replaceAll('_', ' ') : title;
