/** What the generator knows of a language: enough to write text that looks, compresses and links like a wiki's. */
export interface Language {
  readonly code: string;
  /** Frequent words, the most frequent first. */
  readonly words: readonly string[];
  /** Syllables of which the rarer words are made. */
  readonly syllables: readonly string[];
  readonly headings: readonly string[];
  /** Kinds of things that articles are about; part of titles and first sentences. */
  readonly subjects: readonly string[];
  /** Edit summaries. */
  readonly summaries: readonly string[];
  /** Local namespace names by id; `$1` is the project's name. */
  readonly namespaces: Readonly<Record<number, string>>;
  readonly redirectWords: readonly string[];
  readonly mainPage: string;
}
