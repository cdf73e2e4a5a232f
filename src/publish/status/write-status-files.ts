import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { makeFolder, writeFileAtomic } from '../files/durable.ts';
import { systemCode } from '../files/file-failure.ts';
import { dumpPage } from '../pages/dump-page.ts';
import type { Tree } from '../workspace/tree.ts';
import { checksumFiles } from './checksum-files.ts';
import { dumpRunInfoJson, dumpRunInfoText } from './dump-run-info.ts';
import { dumpSpecialFilesJson, dumpStatusJson, reportJson, tableInfoJson } from './dump-status.ts';
import type { DumpView, FileView, WebAddress } from './dump-view.ts';
import { statusFragment } from './status-fragment.ts';

export interface StatusFilesOptions extends WebAddress {
  /** Tables that the dump has or will have, for tableinfo.json. */
  readonly tables?: readonly string[];
  /** Asked before each file: throws when the writer must not write any more (its lease is lost). */
  readonly guard?: (() => void) | undefined;
}

/** The names of files that describe a date and belong to no job, as dumpspecialfiles.json lists them. */
export function specialFileNames(view: Pick<DumpView, 'wiki' | 'date'>): readonly string[] {
  return [
    'dumpruninfo.txt',
    'dumpruninfo.json',
    'dumpstatus.json',
    'report.json',
    'tableinfo.json',
    'manifest.json',
    'manifest.json.sig',
    `${view.wiki}-${view.date}-failed-revisions.json`,
  ];
}

/** All status files of a date but the pages and the list of special files, by name. */
export function statusFiles(view: DumpView, options: StatusFilesOptions = {}): ReadonlyMap<string, string> {
  const files = new Map(checksumFiles(view));
  if (options.tables !== undefined) files.set('tableinfo.json', tableInfoJson(options.tables));
  files.set('dumpruninfo.txt', dumpRunInfoText(view));
  files.set('dumpruninfo.json', dumpRunInfoJson(view));
  files.set('report.json', reportJson(view, options));
  files.set('dumpstatus.json', dumpStatusJson(view, options));
  return files;
}

/**
 * Writes a date's status files and pages, each atomically and only where it changed; `status.html`, which names the
 * state, last. Gives the names that were written.
 */
export async function writeStatusFiles(
  tree: Tree,
  view: DumpView,
  options: StatusFilesOptions = {},
): Promise<readonly string[]> {
  const folder = tree.dateFolder(view.wiki, view.date);
  await makeFolder(folder, tree.folderMode);
  const written: string[] = [];
  const write = async (name: string, body: string) => {
    const path = join(folder, name);
    if ((await textOrNull(path)) === body) return;
    await writeFileAtomic(path, body, { mode: tree.fileMode, guard: options.guard });
    written.push(name);
  };
  for (const [name, body] of statusFiles(view, options)) await write(name, body);
  const special = await specialFiles(folder, specialFileNames(view));
  await write('dumpspecialfiles.json', dumpSpecialFilesJson(view, special, options));
  const machineFiles = special.filter((file) => file.state === 'present').map((file) => file.name);
  await write('index.html', dumpPage(view, { machineFiles }));
  await write('status.html', statusFragment(view));
  return written;
}

async function specialFiles(folder: string, names: readonly string[]): Promise<readonly FileView[]> {
  const there = new Set(await readdir(folder));
  return await Promise.all(
    names.map(async (name): Promise<FileView> => {
      if (!there.has(name)) return { name, sizeBytes: null, state: 'missing' };
      return { name, sizeBytes: (await stat(join(folder, name))).size, state: 'present' };
    }),
  );
}

async function textOrNull(path: string): Promise<string | null> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return null;
    throw error;
  }
}
