import type { LogHint } from '../../../mediawiki/metadata/read-log-hints.ts';
import { phpUnserialize } from '../../../mediawiki/text/php-unserialize.ts';
import type { TitleParser } from '../../../mediawiki/title/parse-title.ts';

/** What entries of the log are about; titles and names as stored, a character per byte. */
export interface LogSubjects {
  readonly pages: ReadonlySet<number>;
  /** By namespace. */
  readonly titles: ReadonlyMap<number, ReadonlySet<string>>;
  /** Users whose names may have been hidden in, or come back to, all that they did. */
  readonly users: ReadonlySet<string>;
}

const userNamespace = 2;
/** Entries of which more than the page that they name may have changed. */
const titledTypes = new Set(['delete', 'suppress', 'move', 'merge', 'import', 'protect', 'contentmodel']);
const blockingTypes = new Set(['block', 'suppress']);
const blockingActions = new Set(['block', 'reblock', 'unblock']);

/** Gathers them. Memory: what is found. */
export class LogSubjectCollector {
  readonly #titles: TitleParser;
  readonly #found = {
    pages: new Set<number>(),
    titles: new Map<number, Set<string>>(),
    users: new Set<string>(),
  };

  constructor(titles: TitleParser) {
    this.#titles = titles;
  }

  get found(): LogSubjects {
    return this.#found;
  }

  add(entry: LogHint): void {
    if (entry.pageId > 0) this.#found.pages.add(entry.pageId);
    if (isBlock(entry)) {
      // A hidden user's name is taken out of revisions without touching their pages. Of those who were never hidden
      // nothing changed, which comparing finds out.
      this.#found.users.add(entry.title.replaceAll('_', ' '));
      return;
    }
    if (!titledTypes.has(entry.type)) return;
    this.#addTitle(entry.namespace, entry.title);
    for (const target of targetsOf(entry.params)) {
      const parsed = this.#titles.parse(target);
      if (parsed === null || parsed.interwiki !== '') continue;
      this.#addTitle(parsed.namespace, Buffer.from(parsed.title).toString('latin1'));
    }
  }

  #addTitle(namespace: number, title: string): void {
    const known = this.#found.titles.get(namespace) ?? new Set<string>();
    this.#found.titles.set(namespace, known.add(title));
  }
}

function isBlock({ type, action, namespace }: LogHint): boolean {
  return blockingTypes.has(type) && blockingActions.has(action) && namespace === userNamespace;
}

/** Where a page was moved to, or its history: lines of text in entries of long ago. */
function targetsOf(params: string): string[] {
  if (!params.startsWith('a:')) return params === '' ? [] : [utf8(params.split('\n')[0] ?? '')];
  try {
    const value = phpUnserialize(Buffer.from(params, 'latin1'));
    if (typeof value !== 'object' || value === null || !('type' in value) || value.type !== 'array')
      return [];
    return ['4::target', '4::dest']
      .map((key) => value.entries.get(key))
      .filter((target) => target instanceof Uint8Array)
      .map((target) => Buffer.from(target).toString('utf8'));
  } catch {
    // Damaged: page and time of the last touch tell all the same.
    return [];
  }
}

const utf8 = (binary: string): string => Buffer.from(binary, 'latin1').toString('utf8');
