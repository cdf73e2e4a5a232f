import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { WikiReading } from '../../../dumping/wiki-access.ts';
import { gzMember } from '../../../export/containers/gz/members.ts';
import { readTitles } from '../../../mediawiki/metadata/read-titles.ts';
import type { BinaryString } from '../../../mediawiki/record/revision-record.ts';
import { HashingFileWriter } from '../../../publish/files/hashing-file-writer.ts';

export const titleFiles = { all: 'all-titles.gz', main: 'all-titles-in-ns0.gz' } as const;

const portionBytes = 1 << 20;

/** Writes both lists of titles: tab-separated, as `mysql --batch` prints them, with the columns' names first. */
export async function writeTitleLists(
  reading: WikiReading,
  options: { readonly folder: string; readonly signal: AbortSignal },
): Promise<void> {
  await rm(options.folder, { recursive: true, force: true });
  await mkdir(options.folder, { recursive: true, mode: 0o700 });
  await using all = await TitleList.create(join(options.folder, titleFiles.all));
  await using main = await TitleList.create(join(options.folder, titleFiles.main));
  await all.add('page_namespace\tpage_title\n');
  await main.add('page_title\n');
  for await (const titles of readTitles(reading.connection, reading.schema, { signal: options.signal })) {
    await all.add(titles.map((page) => `${page.namespace}\t${batchEscaped(page.title)}\n`).join(''));
    const inMain = titles.filter((page) => page.namespace === 0);
    if (inMain.length > 0) await main.add(inMain.map((page) => `${batchEscaped(page.title)}\n`).join(''));
  }
  await all.close();
  await main.close();
}

/** mysql's batch mode writes these four bytes as two characters, so that a value stays on its line. */
export function batchEscaped(value: BinaryString): BinaryString {
  return value.replace(/[\\\n\t\0]/g, (byte) => batchEscapes[byte] ?? byte);
}

const batchEscapes: Readonly<Record<string, string>> = {
  '\\': '\\\\',
  '\n': '\\n',
  '\t': '\\t',
  '\0': '\\0',
};

class TitleList implements AsyncDisposable {
  readonly #writer: HashingFileWriter;
  #parts: Buffer[] = [];
  #bytes = 0;

  private constructor(writer: HashingFileWriter) {
    this.#writer = writer;
  }

  static async create(path: string): Promise<TitleList> {
    return new TitleList(await HashingFileWriter.create(path));
  }

  async add(lines: BinaryString): Promise<void> {
    const bytes = Buffer.from(lines, 'latin1');
    this.#parts.push(bytes);
    this.#bytes += bytes.length;
    if (this.#bytes >= portionBytes) await this.#flush();
  }

  async close(): Promise<void> {
    await this.#flush();
    await this.#writer.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#writer[Symbol.asyncDispose]();
  }

  async #flush(): Promise<void> {
    if (this.#bytes > 0) await this.#writer.write(gzMember(Buffer.concat(this.#parts), { level: 6 }));
    this.#parts = [];
    this.#bytes = 0;
  }
}
