import type { ByteText } from '../language/byte-text.ts';

/** What texts can link to: names of pages that exist (or nearly), with spaces, as wikitext. */
export interface LinkTargets {
  /** Main namespace. */
  readonly articles: readonly ByteText[];
  /** Without the namespace name. */
  readonly templates: readonly ByteText[];
  readonly categories: readonly ByteText[];
  readonly files: readonly ByteText[];
  readonly users: readonly ByteText[];
  /** Local names of the namespaces that wikitext needs. */
  readonly fileNamespace: ByteText;
  readonly categoryNamespace: ByteText;
  readonly userNamespace: ByteText;
}
