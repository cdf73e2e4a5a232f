import { type Document, isMap, isNode, isPair, LineCounter, type Node, parseDocument, visit } from 'yaml';
import { describeValue } from './describe-value.ts';
import type { Fault } from './fault.ts';

export type Path = readonly (string | number)[];

/** A YAML file that knows where everything in it stands. */
export class ConfigDocument {
  readonly file: string;
  /** What YAML itself has to say against it. */
  readonly syntaxFaults: readonly Fault[];
  readonly #document: Document.Parsed;
  readonly #lines = new LineCounter();
  readonly #value: unknown;

  /** @param file as it shall be named in messages */
  constructor(file: string, text: string) {
    this.file = file;
    // Pretty errors would quote lines of the file, which may hold secrets.
    this.#document = parseDocument(text, {
      lineCounter: this.#lines,
      prettyErrors: false,
      strict: true,
      // `<<: *name` is of YAML 1.1, and widely used for what several things have in common.
      merge: true,
    });
    const syntax: Fault[] = [];
    for (const error of this.#document.errors) {
      syntax.push(this.#placed(error.pos[0], syntaxMessage(error)));
      // Behind the first of these nothing is where it belongs.
      if (error.code === 'UNEXPECTED_TOKEN' || error.code === 'BAD_INDENT') break;
    }
    for (const warning of this.#document.warnings) {
      syntax.push({ ...this.#placed(warning.pos[0], syntaxMessage(warning)), severity: 'warning' });
    }
    visit(this.#document, {
      Alias: (_key, alias) => {
        if (alias.resolve(this.#document) !== undefined) return;
        syntax.push(
          this.#placed(alias.range?.[0] ?? 0, 'an alias (*) to what is not there; put the text in quotes?'),
        );
      },
    });
    let value: unknown = {};
    try {
      if (!syntax.some((fault) => fault.severity === 'error')) value = this.#toValue();
    } catch (error) {
      syntax.push(this.#placed(0, `its aliases (*) cannot be followed: ${syntaxWords(error)}`));
    }
    this.#value = value;
    this.syntaxFaults = syntax;
  }

  /** The contents as plain values; {} for an empty file. */
  toValue(): unknown {
    return this.#value;
  }

  /** The value at a path, described for a message: never the text of a secret. */
  describe(path: Path): string {
    return describeValue(this.#valueAt(path), path.at(-1) ?? '');
  }

  /** Whether there is such a key, even with nothing after the colon. */
  has(path: Path): boolean {
    const parent = this.#valueAt(path.slice(0, -1));
    return path.length === 0 || (isObject(parent) && Object.hasOwn(parent, String(path.at(-1))));
  }

  /** The text at a path; null for anything else. */
  textAt(path: Path): string | null {
    const value = this.#valueAt(path);
    return typeof value === 'string' ? value : null;
  }

  /** A fault at the value of a path, or at the nearest thing around it that stands in the file. */
  fault(path: Path, message: string, options: Partial<Pick<Fault, 'severity' | 'nearest'>> = {}): Fault {
    return {
      ...this.#placed(this.#offsetOf(path), message),
      key: formatPath(path),
      severity: options.severity ?? 'error',
      nearest: options.nearest ?? null,
    };
  }

  /** The same at the key of a path (for keys that should not be there). */
  faultAtKey(path: Path, message: string, nearest: string | null): Fault {
    const parent = this.#document.getIn(path.slice(0, -1), true);
    const offset = isMap(parent) ? keyOffset(parent, path.at(-1)) : undefined;
    return {
      ...this.#placed(offset ?? this.#offsetOf(path), message),
      key: formatPath(path),
      nearest,
    };
  }

  /** Also what stands there by an alias (*) or a merge (<<). */
  #valueAt(path: Path): unknown {
    let value = this.#value;
    for (const part of path) {
      value = isObject(value) && Object.hasOwn(value, String(part)) ? value[String(part)] : undefined;
    }
    return value;
  }

  #toValue(): unknown {
    return this.#document.toJS({ maxAliasCount: 1000 }) ?? {};
  }

  #offsetOf(path: Path): number {
    for (let length = path.length; length >= 0; length--) {
      const node = length === 0 ? this.#document.contents : this.#document.getIn(path.slice(0, length), true);
      if (isNode(node) && node.range) return (node as Node).range?.[0] ?? 0;
      const parent = this.#document.getIn(path.slice(0, length - 1), true);
      const offset = length > 0 && isMap(parent) ? keyOffset(parent, path[length - 1]) : undefined;
      if (offset !== undefined) return offset;
    }
    return 0;
  }

  #placed(offset: number, message: string): Fault {
    const { line, col } = this.#lines.linePos(offset);
    return {
      severity: 'error',
      file: this.file,
      line: Math.max(1, line),
      column: Math.max(1, col),
      key: '',
      message,
      nearest: null,
    };
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

/** What went wrong when a sound text was made a value: never a part of the text. */
function syntaxWords(error: unknown): string {
  const isTooMuch = error instanceof Error && /alias count/i.test(error.message);
  return isTooMuch ? 'together they repeat far too much' : 'a merge (<<) needs a map, or a list of maps';
}

/** YAML's own words, without what they quote of the file. */
function syntaxMessage(error: { readonly code: string; readonly message: string }): string {
  if (error.code === 'DUPLICATE_KEY') return 'this key stands here twice';
  const message = error.message.replace(/(["'])quote/, 'quote');
  return `this is no YAML: ${message.replace(/(?:: |\s*["']).*$/s, '')}`;
}

function keyOffset(
  map: { readonly items: readonly unknown[] },
  key: string | number | undefined,
): number | undefined {
  for (const item of map.items) {
    if (!isPair(item) || !isNode(item.key)) continue;
    if (String(item.key) === String(key)) return item.key.range?.[0];
  }
  return undefined;
}

/** `wikis.frwiki.slots[1]` */
export function formatPath(path: Path): string {
  return path
    .map((part, index) => (typeof part === 'number' ? `[${part}]` : index === 0 ? part : `.${part}`))
    .join('');
}
