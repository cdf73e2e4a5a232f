import { mkdir, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { RotaError } from '../../../core/errors/rota-error.ts';
import { openContainer, rawBytes } from '../../../export/containers/read/open-container.ts';
import { findSevenZip, writeSevenZip } from '../../../export/containers/seven-zip/write-archive.ts';
import { redactGz } from '../../../export/redact/redact-gz.ts';
import { digestFile } from '../../../publish/files/copy-verified.ts';
import type { FileDigest } from '../../../publish/files/file-digest.ts';
import { HashingFileWriter } from '../../../publish/files/hashing-file-writer.ts';
import { makeDurable } from '../archives/make-archives.ts';
import type { DatedFile } from './published-files.ts';
import { type BundledSource, redactBundles } from './redact-bundles.ts';
import { digestRedactedPages, redactLedger } from './redact-ledgers.ts';
import { redactMultistream } from './redact-multistream.ts';
import type { RewriteTools } from './redaction-tools.ts';

/** A published file as it is to be. */
export interface RewrittenFile {
  readonly dated: DatedFile;
  /** Absolute: in the work folder of its tree. */
  readonly path: string;
  readonly digest: FileDigest;
  readonly rawDelta: number;
  /** Revisions in which something was hidden; none in indexes and ledgers, which only follow. */
  readonly changed: readonly number[];
}

export interface RewritePlace {
  readonly files: readonly DatedFile[];
  /** The new folder of a date beside the tree that a file is in. */
  folder(dated: DatedFile): string;
}

/** Writes anew all files of a date in which something is to be hidden, and those that describe them. */
export async function rewriteDate(
  place: RewritePlace,
  tools: RewriteTools,
): Promise<readonly RewrittenFile[]> {
  const rewritten: RewrittenFile[] = [];
  for (const dated of place.files) {
    tools.signal.throwIfAborted();
    const { output } = dated;
    if (output.startsWith('stub-')) rewritten.push(...(await rewriteStubs(place, dated, tools)));
    else if (output === 'articles-multistream')
      rewritten.push(...(await rewriteMultistream(place, dated, tools)));
    else if (bundled(dated) !== null) rewritten.push(...(await rewriteBundles(place, dated, tools)));
  }
  const history = rewritten.filter((file) => /^history-(bz2|zst)$/.test(file.dated.output));
  if (history.length === 0) return rewritten;
  rewritten.push(...(await rewriteArchives(place, history, tools)));
  rewritten.push(...(await rewriteLedgers(place, history, tools)));
  return rewritten;
}

/** A file with an index of its bundles; null for any other. */
function bundled({ output }: DatedFile): 'bz2' | 'zst' | null {
  const [, format] = /^(?:articles|current|history)-(bz2|zst)$/.exec(output) ?? [];
  return format === 'bz2' || format === 'zst' ? format : null;
}

async function target(place: RewritePlace, dated: DatedFile): Promise<string> {
  const folder = place.folder(dated);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  return join(folder, dated.file.name);
}

async function rewriteStubs(
  place: RewritePlace,
  dated: DatedFile,
  tools: RewriteTools,
): Promise<readonly RewrittenFile[]> {
  const path = await target(place, dated);
  await using writer = await HashingFileWriter.create(path);
  const { redaction, signal } = tools;
  const options = { redaction, mode: 'one-pass', signal } as const;
  const { changed, rawDelta } = await redactGz(dated.path, (bytes) => writer.write(bytes), options);
  if (changed.length === 0) return [];
  return [{ dated, path, digest: await writer.close(), rawDelta, changed }];
}

async function rewriteBundles(
  place: RewritePlace,
  dated: DatedFile,
  tools: RewriteTools,
): Promise<readonly RewrittenFile[]> {
  const index = beside(place, dated, `${dated.file.name}.index.zst`);
  const paths = { path: await target(place, dated), indexPath: await target(place, index) };
  const made = await redactBundles(sourceOf(dated, index.path), paths, tools);
  return made === null ? [] : both(dated, index, paths, made);
}

async function rewriteMultistream(
  place: RewritePlace,
  dated: DatedFile,
  tools: RewriteTools,
): Promise<readonly RewrittenFile[]> {
  const name = dated.file.name.replace('-articles-multistream', '-articles-multistream-index');
  const index = beside(place, dated, name.replace('.xml', '.txt'));
  const paths = { path: await target(place, dated), indexPath: await target(place, index) };
  const source = { path: dated.path, indexPath: index.path };
  const made = await redactMultistream(source, paths, tools);
  return made === null ? [] : both(dated, index, paths, made);
}

/** The manifest says of an index how much is in the file that it describes. */
function both(
  dated: DatedFile,
  index: DatedFile,
  paths: { readonly path: string; readonly indexPath: string },
  made: {
    readonly file: FileDigest;
    readonly index: FileDigest;
    readonly rawDelta: number;
    readonly changed: readonly number[];
  },
): readonly RewrittenFile[] {
  const { rawDelta, changed } = made;
  return [
    { dated, path: paths.path, digest: made.file, rawDelta, changed },
    { dated: index, path: paths.indexPath, digest: made.index, rawDelta, changed: [] },
  ];
}

/** 7z cannot be changed in places: it is made again from the same content. */
async function rewriteArchives(
  place: RewritePlace,
  history: readonly RewrittenFile[],
  tools: RewriteTools,
): Promise<readonly RewrittenFile[]> {
  const made: RewrittenFile[] = [];
  for (const dated of place.files.filter((file) => file.output === 'history-7z')) {
    const stem = dated.file.name.slice(0, -'7z'.length);
    const source = ['zst', 'bz2']
      .map((format) => history.find((file) => file.dated.file.name === `${stem}${format}`))
      .find((file) => file !== undefined);
    if (source === undefined) continue;
    const { searchPath, signal, threads } = tools;
    const path = await target(place, dated);
    await rm(path, { force: true });
    await writeSevenZip(rawBytes(await openContainer(source.path, { searchPath, signal })), {
      program: await findSevenZip(searchPath),
      path,
      threads,
      signal,
      own: () => ({ [Symbol.dispose]() {} }),
    });
    await makeDurable(path);
    const { rawDelta, changed } = source;
    made.push({ dated, path, digest: await digestFile(path, signal), rawDelta, changed });
  }
  return made;
}

async function rewriteLedgers(
  place: RewritePlace,
  history: readonly RewrittenFile[],
  tools: RewriteTools,
): Promise<readonly RewrittenFile[]> {
  const ledgers = place.files.filter(({ output }) => output === 'ledger' || output === 'state');
  if (ledgers.length === 0) return [];
  const output = ['history-zst', 'history-bz2'].find((name) =>
    history.some((file) => file.dated.output === name),
  );
  const parts = history
    .filter((file) => file.dated.output === output)
    .map((file) => sourceOf({ ...file.dated, path: file.path }, `${file.path}.index.zst`));
  const digests = await digestRedactedPages(parts, tools);
  const made: RewrittenFile[] = [];
  for (const dated of ledgers) {
    const path = await target(place, dated);
    const digest = await redactLedger(dated.path, path, digests, tools);
    if (digest !== null) made.push({ dated, path, digest, rawDelta: 0, changed: [] });
  }
  return made;
}

function sourceOf(dated: DatedFile, indexPath: string): BundledSource {
  return { output: dated.output, format: bundled(dated) ?? 'zst', path: dated.path, indexPath };
}

function beside(place: RewritePlace, dated: DatedFile, name: string): DatedFile {
  const found = place.files.find((other) => other.file.name === name);
  if (found !== undefined) return found;
  throw new RotaError(
    'REDACTION_IMPOSSIBLE',
    `${dated.path} has no index beside it (${name} in ${dirname(dated.path)}), so it cannot be rewritten; withdraw the date (rota dump withdraw)`,
    { facts: { path: dated.path } },
  );
}
