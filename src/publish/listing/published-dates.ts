import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isDate } from '../dump-catalogue/file-name.ts';
import { systemCode } from '../files/file-failure.ts';
import type { StateLabel } from '../pages/state-span.ts';
import type { JsonValue } from '../status/python-json.ts';
import type { Tree } from '../workspace/tree.ts';

/** A date as its own status files tell it: true also for a tree that another program wrote. */
export interface PublishedDate {
  readonly date: string;
  /** null where the status file is missing or not understood. */
  readonly status: { readonly updated: string; readonly label: StateLabel } | null;
  /** What dumpstatus.json holds; `{}` where there is none. */
  readonly dumpStatus: { readonly [key: string]: JsonValue };
}

/** The dates of a wiki that have a folder in the tree, newest first. */
export async function readPublishedDates(tree: Tree, wiki: string): Promise<readonly PublishedDate[]> {
  const dates = (await publishedDateNames(tree, wiki)).toReversed();
  return await Promise.all(dates.map((date) => readPublishedDate(tree, wiki, date)));
}

/** The names of those folders only, oldest first. */
export async function publishedDateNames(tree: Tree, wiki: string): Promise<readonly string[]> {
  try {
    return (await readdir(tree.wikiFolder(wiki))).filter(isDate).toSorted();
  } catch (error) {
    if (systemCode(error) === 'ENOENT' || systemCode(error) === 'ENOTDIR') return [];
    throw error;
  }
}

export async function readPublishedDate(tree: Tree, wiki: string, date: string): Promise<PublishedDate> {
  const folder = tree.dateFolder(wiki, date);
  const [fragment, dumpStatus] = await Promise.all([
    textOrNull(join(folder, 'status.html')),
    textOrNull(join(folder, 'dumpstatus.json')),
  ]);
  return { date, status: parseStatusFragment(fragment ?? ''), dumpStatus: parseObject(dumpStatus ?? '') };
}

/** Only the texts and classes of the field are taken over: the line is written anew, so nothing else gets through. */
const fragmentPattern =
  /^<li>(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d) <a href="[^"<>]*">[^<>]*<\/a>: <span class=(["'])(done|done failed|in-progress|partial-dump|failed)\2>([^<>&]{1,80})<\/span><\/li>/;

export function parseStatusFragment(fragment: string): PublishedDate['status'] {
  const [, updated, , className, text] = fragmentPattern.exec(fragment) ?? [];
  if (updated === undefined || className === undefined || text === undefined) return null;
  return { updated, label: { className, text } };
}

function parseObject(text: string): { readonly [key: string]: JsonValue } {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
      return value as { readonly [key: string]: JsonValue };
    }
  } catch {
    // A foreign tree may hold a file that is being written; the next pass reads it whole.
  }
  return {};
}

async function textOrNull(path: string): Promise<string | null> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return null;
    throw error;
  }
}
