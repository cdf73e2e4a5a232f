import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, readFile, readlink, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { writeFileAtomic } from '../../../publish/files/durable.ts';
import type { VersionRepository } from './version-repository.ts';

/** A version as files on this machine, with the lists by which hosts prove that they hold it. */
export interface WorkTree {
  readonly path: string;
  /** The folder of both lists: `<digest>.tree`, `<digest>.hashes`. */
  readonly lists: string;
  /** SHA-256 of both lists, one after the other. */
  readonly digest: string;
}

/**
 * Makes the files of a version on this machine, of those of the one before: what is the same is left alone, its times too. Files are
 * read for their SHA-256 once, when they are new. Memory: the paths, and 150 bytes for each file that any version ever had.
 */
export async function checkOut(repository: VersionRepository, commit: string): Promise<WorkTree> {
  const path = join(repository.path, 'work');
  const lists = join(repository.path, 'lists');
  const indexFile = join(repository.path, 'work.index');
  const options = { workTree: path, indexFile };
  await mkdir(path, { recursive: true });
  await mkdir(lists, { recursive: true });
  await rm(`${indexFile}.lock`, { force: true });
  await repository.git(['read-tree', '--reset', '-u', commit], options);
  await repository.git(['clean', '-qffdx'], options);
  // As on hosts: what was changed here by hand is found by its stat data.
  await repository.git(['checkout-index', '-a', '-f', '-q'], options);
  const staged = await repository.git(['ls-files', '-s', '-z'], options);
  const hashes = await KnownHashes.open(join(repository.path, 'hashes'));
  const tree = new Set<string>();
  const files: string[] = [];
  for (const line of staged.toString('latin1').split('\0')) {
    const [, mode, blob, name] = /^(\d+) ([0-9a-f]+) \d\t([\s\S]*)$/.exec(line) ?? [];
    if (mode === undefined || blob === undefined || name === undefined) continue;
    for (let at = name.indexOf('/'); at >= 0; at = name.indexOf('/', at + 1))
      tree.add(`d755 ${name.slice(0, at)}`);
    const file = Buffer.concat([Buffer.from(`${path}/`), Buffer.from(name, 'latin1')]);
    if (mode === '120000') {
      tree.add(`l ${name}//${(await readlink(file, { encoding: 'buffer' })).toString('latin1')}`);
      continue;
    }
    tree.add(`f${mode === '100755' ? '755' : '644'} ${name}`);
    files.push(`${await hashes.of(blob, file)}  ${name}`);
  }
  await hashes.save();
  // In the order of bytes, which latin1 texts are in; git lists paths in it already.
  const texts = [[...tree].toSorted((a, b) => (a < b ? -1 : 1)), files].map((records) =>
    Buffer.from(records.map((record) => `${record}\0`).join(''), 'latin1'),
  );
  const digest = createHash('sha256').update(Buffer.concat(texts)).digest('hex');
  const [treeText = Buffer.alloc(0), hashText = Buffer.alloc(0)] = texts;
  await writeFileAtomic(join(lists, `${digest}.tree`), treeText, { mode: 0o644 });
  await writeFileAtomic(join(lists, `${digest}.hashes`), hashText, { mode: 0o644 });
  return { path, lists, digest };
}

/** The SHA-256 of what git calls by its own name. */
class KnownHashes {
  readonly #file: string;
  readonly #known: Map<string, string>;
  #isNew = false;

  private constructor(file: string, known: Map<string, string>) {
    this.#file = file;
    this.#known = known;
  }

  static async open(file: string): Promise<KnownHashes> {
    const text = await readFile(file, 'latin1').catch(() => '');
    const lines = text.split('\n').filter((line) => /^[0-9a-f]{40} [0-9a-f]{64}$/.test(line));
    return new KnownHashes(file, new Map(lines.map((line) => [line.slice(0, 40), line.slice(41)])));
  }

  async of(blob: string, file: Buffer): Promise<string> {
    const known = this.#known.get(blob);
    if (known !== undefined) return known;
    const hash = createHash('sha256');
    await pipeline(createReadStream(file), hash);
    const digest = hash.digest('hex');
    this.#known.set(blob, digest);
    this.#isNew = true;
    return digest;
  }

  async save(): Promise<void> {
    if (!this.#isNew) return;
    const text = [...this.#known].map(([blob, digest]) => `${blob} ${digest}\n`).join('');
    await writeFileAtomic(this.#file, text, { mode: 0o640 });
  }
}
