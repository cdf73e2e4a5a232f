import type { BinaryString, RedirectTarget } from '../../mediawiki/record/revision-record.ts';
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

  redirect(target: RedirectTarget): BinaryString {
    // Media is virtual: a redirect to it leads to the file's page.
    const local = this.text(target.namespace === -2 ? 6 : target.namespace, target.title);
    return target.interwiki === '' ? local : `${spaced(asciiLower(target.interwiki))}:${local}`;
  }
}

const spaced = (title: BinaryString): BinaryString =>
  title.includes('_') ? title.replaceAll('_', ' ') : title;
/** Not toLowerCase(): that would change the bytes of a UTF-8 letter. */
const asciiLower = (text: BinaryString): BinaryString =>
  text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
