import { type FileHandle, open } from 'node:fs/promises';
import { type FilePart, layoutName, type PartPlace } from '../../../dumping/verify/file-layout.ts';
import type { Bundle } from './lane-reader.ts';

const portionBytes = 1 << 20;

/** Writes down where the parts of a file stand while it is joined, for whoever reads only some of them back. */
export class LayoutFile implements AsyncDisposable {
  readonly #file: FileHandle;
  #lines: string[] = [];
  #length = 0;

  private constructor(file: FileHandle) {
    this.#file = file;
  }

  /** @param path of the file that is described */
  static async create(path: string): Promise<LayoutFile> {
    return new LayoutFile(await open(layoutName(path), 'w', 0o600));
  }

  /** The XML's head or foot. */
  async frame(place: PartPlace, raw: number): Promise<void> {
    const counts = { begun: 0, revisions: 0, whole: true, firstPage: 0, lastPage: 0 };
    await this.#add({ ...place, raw, ...counts, copied: '' });
  }

  /** Bundles that stand one after the other and are decompressed as one; at least one. */
  async bundles(place: PartPlace, bundles: readonly Omit<Bundle, 'bytes'>[]): Promise<void> {
    const [first] = bundles;
    const last = bundles.at(-1);
    if (first === undefined || last === undefined) throw new RangeError('a part without bundles');
    const sum = (of: (bundle: Omit<Bundle, 'bytes'>) => number) =>
      bundles.reduce((total, bundle) => total + of(bundle), 0);
    await this.#add({
      ...place,
      raw: sum(({ raw }) => raw),
      begun: sum(({ begun }) => begun),
      revisions: sum(({ revisions }) => revisions),
      whole: last.whole,
      firstPage: first.firstPage,
      lastPage: last.lastPage,
      copied: bundles.every(({ copied }) => copied) ? first.sha256 : '',
    });
  }

  async close(): Promise<void> {
    await this.#flush();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#file.close();
  }

  async #add(part: FilePart): Promise<void> {
    const line = `${JSON.stringify(part)}\n`;
    this.#lines.push(line);
    this.#length += line.length;
    if (this.#length >= portionBytes) await this.#flush();
  }

  async #flush(): Promise<void> {
    const text = this.#lines.join('');
    this.#lines = [];
    this.#length = 0;
    await this.#file.appendFile(text);
  }
}
