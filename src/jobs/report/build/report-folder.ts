import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { open, readdir, rename, rm, rmdir, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve, sep } from 'node:path';
import { RotaError } from '../../../core/errors/rota-error.ts';
import { makeFolder, syncFolder } from '../../../publish/files/durable.ts';
import { writing } from '../../../publish/files/file-failure.ts';
import { makeFolders } from '../../../publish/files/make-folders.ts';
import type { ReportFile } from '../pages/report-file.ts';

export interface WrittenReport {
  readonly files: number;
  readonly bytes: number;
}

/** Writes a report's files into a new folder, each durable; one file at a time is in memory. */
export async function writeReportFiles(
  folder: string,
  files: Iterable<ReportFile>,
  options: { readonly signal: AbortSignal; readonly folderMode?: number; readonly fileMode?: number },
): Promise<WrittenReport> {
  const { signal, folderMode = 0o755, fileMode = 0o644 } = options;
  await makeFolder(folder, folderMode);
  const folders = new Set([folder]);
  let [count, bytes] = [0, 0];
  for (const { path, content } of files) {
    signal.throwIfAborted();
    const target = resolve(folder, path);
    if (!target.startsWith(folder + sep))
      throw new RotaError('INTERNAL', `A report's file lies outside of it: ${path}.`);
    const parent = dirname(target);
    if (!folders.has(parent)) await makeFolder(parent, folderMode);
    folders.add(parent);
    await writing('write', target, async () => {
      await using handle = await open(target, 'wx', fileMode);
      await handle.chmod(fileMode);
      await handle.writeFile(content);
      await handle.sync();
    });
    count += 1;
    bytes += Buffer.byteLength(content);
  }
  for (const made of folders) await syncFolder(made);
  return { files: count, bytes };
}

/**
 * Makes a report in a folder of the user's: it is built beside it and takes its place when it is whole, so a failure
 * leaves what was there. Only an older report is replaced.
 */
export async function replaceReport(
  folder: string,
  write: (aside: string) => Promise<WrittenReport>,
): Promise<WrittenReport> {
  const target = resolve(folder);
  const isThere = await refuseUnlessReport(target);
  const nonce = randomBytes(4).toString('hex');
  const [aside, old] = ['new', 'old'].map((word) =>
    join(dirname(target), `.${basename(target)}.${word}-${nonce}`),
  );
  if (aside === undefined || old === undefined) throw new RotaError('INTERNAL', 'Two names are two.');
  try {
    await makeFolders(dirname(target));
    const written = await write(aside);
    // Somebody else may make a report there just now: then this one fails, and theirs stays.
    await writing('put the report in place at', target, async () => {
      if (isThere) await rename(target, old);
      try {
        await rename(aside, target);
      } catch (error) {
        if (isThere) await rename(old, target);
        throw error;
      }
    });
    await syncFolder(dirname(target));
    await rm(old, { recursive: true, force: true });
    return written;
  } catch (error) {
    await rm(aside, { recursive: true, force: true });
    throw error;
  }
}

/**
 * To be asked before work begins that ends in `replaceReport`.
 * @returns whether there is something to replace
 * @throws RotaError USAGE, FILE_UNWRITABLE, DISK_FULL
 */
export async function refuseUnlessReport(target: string): Promise<boolean> {
  await refuseUnlessWritable(target);
  let names: readonly string[];
  try {
    if (!(await stat(target)).isDirectory()) throw refused(target, 'it is no folder');
    names = await readdir(target);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw error;
  }
  if (names.length > 0 && !names.includes('report.json'))
    throw refused(target, 'it holds something else than a report');
  return true;
}

/** By making a folder there: rights say little of file systems that take none. What is missing above it is left missing. */
async function refuseUnlessWritable(target: string): Promise<void> {
  let parent = dirname(target);
  while (!existsSync(parent) && parent !== dirname(parent)) parent = dirname(parent);
  const probe = join(parent, `.${basename(target)}.new-${randomBytes(4).toString('hex')}`);
  await makeFolders(probe);
  await rmdir(probe);
}

function refused(target: string, why: string): RotaError {
  return new RotaError('USAGE', `${target} is not replaced, because ${why}; name another folder with -o`);
}
