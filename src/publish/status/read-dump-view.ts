import { readFile } from 'node:fs/promises';
import { findJobDescription } from '../dump-catalogue/dump-catalogue.ts';
import type { FileDigest } from '../files/file-digest.ts';
import { systemCode } from '../files/file-failure.ts';
import { publishedDateNames, readPublishedDate } from '../listing/published-dates.ts';
import type { Tree } from '../workspace/tree.ts';
import type { DumpState, DumpView, FileView, JobStatus, JobView } from './dump-view.ts';
import type { JsonValue } from './python-json.ts';

export interface StoredView {
  readonly view: DumpView;
  readonly tables: readonly string[] | undefined;
}

const states: Readonly<Record<string, DumpState>> = {
  done: 'done',
  'done failed': 'done',
  'in-progress': 'in-progress',
  'partial-dump': 'partial',
};
const statuses: readonly string[] = ['waiting', 'in-progress', 'done', 'failed', 'skipped'];

/**
 * What the status files of a date were made from, read back from them: so that they can be written again without the
 * run, which may be long forgotten, and with the outputs that the date was made with.
 * @param digests of the files as they are now, by name
 * @returns null where the date has no dumpstatus.json
 */
export async function readDumpView(
  tree: Tree,
  at: { readonly wiki: string; readonly date: string; readonly now: Date },
  digests: ReadonlyMap<string, FileDigest>,
): Promise<StoredView | null> {
  const { wiki, date, now } = at;
  const { status, dumpStatus } = await readPublishedDate(tree, wiki, date);
  const jobs = objectOf(dumpStatus.jobs);
  if (jobs === null) return null;
  const earlier = (await publishedDateNames(tree, wiki)).filter((name) => name < date);
  return {
    view: {
      wiki,
      date,
      state: states[status?.label.className ?? ''] ?? 'aborted',
      jobs: Object.entries(jobs).map(([name, job]) => jobView(name, objectOf(job) ?? {}, digests)),
      previousDate: earlier.at(-1) ?? null,
      updatedAt: now,
    },
    tables: await readTables(tree.file(wiki, date, 'tableinfo.json')),
  };
}

type Fields = { readonly [key: string]: JsonValue };

function jobView(name: string, job: Fields, digests: ReadonlyMap<string, FileDigest>): JobView {
  const status = typeof job.status === 'string' && statuses.includes(job.status) ? job.status : 'failed';
  const updated = typeof job.updated === 'string' ? new Date(`${job.updated.replace(' ', 'T')}Z`) : null;
  return {
    name,
    description: findJobDescription(name) ?? tableDescription(name),
    status: status as JobStatus,
    updatedAt: updated === null || Number.isNaN(updated.getTime()) ? null : updated,
    files: Object.entries(objectOf(job.files) ?? {}).map(([file, known]) =>
      fileView(file, objectOf(known) ?? {}, digests.get(file)),
    ),
  };
}

function fileView(name: string, known: Fields, digest: FileDigest | undefined): FileView {
  if (digest !== undefined) return { name, ...digest, state: 'present' };
  if (typeof known.size !== 'number') return { name, sizeBytes: null, state: 'missing' };
  const { size, md5, sha1 } = known;
  return {
    name,
    sizeBytes: size,
    ...(typeof md5 === 'string' ? { md5 } : {}),
    ...(typeof sha1 === 'string' ? { sha1 } : {}),
    state: 'present',
  };
}

/** A table that the operators published by name. */
function tableDescription(job: string): string {
  return job.endsWith('table') ? `The table ${job.slice(0, -'table'.length)}.` : job;
}

function objectOf(value: JsonValue | undefined): Fields | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : null;
}

async function readTables(path: string): Promise<readonly string[] | undefined> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as readonly string[];
  } catch (error) {
    if (systemCode(error) === 'ENOENT' || error instanceof SyntaxError) return undefined;
    throw error;
  }
}
