import { createHash } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { RotaError, toRotaError } from '../../core/errors/rota-error.ts';
import { type FileTools, openSource, rawBytesOf } from '../dump-source.ts';
import { type Difference, diffDumps } from './diff-dumps.ts';

/** Of one output of a dump: how the two folders' files of it compare. */
export interface ComparedOutput {
  /** The file's name after `<wiki>-<date>-`, without what says how it is compressed. */
  readonly output: string;
  readonly theirs: string | null;
  readonly ours: string | null;
  readonly result: 'same' | 'different' | 'only-theirs' | 'only-ours';
  readonly differences: number;
  /** The first of them. */
  readonly first: readonly Difference[];
}

export interface DumpFolder {
  readonly folder: string;
  readonly wiki: string;
  /** YYYYMMDD. */
  readonly date: string;
}

const shownDifferences = 5;
/** XML with pages, revisions or log items, and lists of titles: what two programs must agree on. */
const comparable = /^(?:.+\.xml(?:-p\d+p\d+)?|all-titles(?:-in-ns0)?)$/;

/** Which wiki and date a folder of dump files is of, told by their names. */
export async function openDumpFolder(folder: string): Promise<DumpFolder> {
  const names = await readdir(folder).catch((error: unknown) => {
    throw toRotaError(
      error,
      'FILE_UNREADABLE',
      (cause) => `${folder} cannot be read (${cause}); check its name`,
    );
  });
  for (const name of names) {
    const [, wiki, date] = /^(\w+)-(\d{8})-.+\.(?:gz|bz2|zst|7z)$/.exec(name) ?? [];
    if (wiki !== undefined && date !== undefined) return { folder, wiki, date };
  }
  throw new RotaError(
    'FILE_UNREADABLE',
    `${folder} holds no files of a dump (<wiki>-<date>-…); name such a folder`,
  );
}

/**
 * Compares the dump files of two folders, output by output, whatever they are compressed with: XML page by page, lists
 * of titles byte by byte. Where one folder has an output in several formats, its first is taken.
 * Memory: as diffDumps.
 */
export async function* compareFolders(
  theirs: DumpFolder,
  ours: DumpFolder,
  tools: FileTools,
): AsyncGenerator<ComparedOutput, void, void> {
  const [left, right] = [await outputsOf(theirs), await outputsOf(ours)];
  for (const output of [...new Set([...left.keys(), ...right.keys()])].sort()) {
    const [a, b] = [left.get(output) ?? null, right.get(output) ?? null];
    const names = { output, theirs: a, ours: b };
    if (a === null || b === null) {
      const result = a === null ? 'only-ours' : 'only-theirs';
      yield { ...names, result, differences: 0, first: [] };
      continue;
    }
    const [from, to] = [
      await openSource(a, join(theirs.folder, a), tools),
      await openSource(b, join(ours.folder, b), tools),
    ];
    if (!output.includes('.xml')) {
      const isSame = await sameBytes(rawBytesOf(from), rawBytesOf(to));
      yield { ...names, result: isSame ? 'same' : 'different', differences: isSame ? 0 : 1, first: [] };
      continue;
    }
    let differences = 0;
    const first: Difference[] = [];
    for await (const one of diffDumps(from, to)) {
      differences += 1;
      if (first.length < shownDifferences) first.push(one);
    }
    yield { ...names, result: differences === 0 ? 'same' : 'different', differences, first };
  }
}

async function outputsOf({ folder, wiki, date }: DumpFolder): Promise<ReadonlyMap<string, string>> {
  const prefix = `${wiki}-${date}-`;
  const outputs = new Map<string, string>();
  for (const name of (await readdir(folder)).filter((one) => one.startsWith(prefix)).sort()) {
    const [, output] = /^(.+)\.(?:gz|bz2|zst|7z)$/.exec(name.slice(prefix.length)) ?? [];
    if (output !== undefined && comparable.test(output) && !outputs.has(output)) outputs.set(output, name);
  }
  return outputs;
}

/** Chunks are cut anywhere, and valid until the next is asked for. */
async function sameBytes(a: AsyncIterable<Buffer>, b: AsyncIterable<Buffer>): Promise<boolean> {
  const [left, right] = await Promise.all([digestOf(a), digestOf(b)]);
  return left === right;
}

async function digestOf(chunks: AsyncIterable<Buffer>): Promise<string> {
  const hash = createHash('sha256');
  for await (const bytes of chunks) hash.update(bytes);
  return hash.digest('hex');
}
