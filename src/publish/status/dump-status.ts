import type { DumpView, FileView, JobView, WebAddress } from './dump-view.ts';
import { type JsonValue, pythonJson } from './python-json.ts';
import { fieldTime } from './times.ts';
import { datePath } from './web-address.ts';

/** The version of the format of dumpstatus.json and dumpspecialfiles.json. */
const formatVersion = '0.8';

/** dumpstatus.json: the contract with programs that read dumps. A file that is not published yet is `{}`. */
export function dumpStatusJson(view: DumpView, web: WebAddress = {}): string {
  const folder = datePath(web, view.wiki, view.date);
  const jobs = view.jobs.map((job) => [job.name, jobStatus(job, folder)] as const);
  return `${pythonJson({ jobs: Object.fromEntries(jobs), version: formatVersion })}\n`;
}

function jobStatus(job: JobView, folder: string): JsonValue {
  const files = Object.fromEntries(
    job.files.map((file) => [
      file.name,
      { ...sizeAndUrl(file, folder), ...(file.state === 'present' ? sums(file) : {}) },
    ]),
  );
  return {
    status: job.status,
    updated: fieldTime(job.updatedAt),
    ...(job.files.length === 0 ? {} : { files }),
  };
}

/** report.json: the published files only, with sizes. */
export function reportJson(view: DumpView, web: WebAddress = {}): string {
  const folder = datePath(web, view.wiki, view.date);
  const jobs = view.jobs
    .map((job) => [job.name, job.files.filter((file) => file.state === 'present')] as const)
    .filter(([, files]) => files.length > 0)
    .map(([name, files]) => [
      name,
      { files: Object.fromEntries(files.map((file) => [file.name, sizeAndUrl(file, folder)])) },
    ]);
  return pythonJson({ jobs: Object.fromEntries(jobs) });
}

/** dumpspecialfiles.json: what lies in the folder beside the jobs' files. */
export function dumpSpecialFilesJson(
  view: Pick<DumpView, 'wiki' | 'date'>,
  files: readonly FileView[],
  web: WebAddress = {},
): string {
  const folder = datePath(web, view.wiki, view.date);
  const entries = files.map((file) => [
    file.name,
    { status: file.state === 'present' ? 'present' : 'missing', ...sizeAndUrl(file, folder) },
  ]);
  return pythonJson({ files: Object.fromEntries(entries), version: formatVersion });
}

/** tableinfo.json: the tables that the dump has; the one file of the field without spaces. */
export function tableInfoJson(tables: readonly string[]): string {
  return JSON.stringify(tables);
}

function sizeAndUrl(file: FileView, folder: string): { readonly [key: string]: JsonValue } {
  if (file.state !== 'present') return {};
  return { size: file.sizeBytes, url: `${folder}/${encodeURIComponent(file.name)}` };
}

function sums(file: FileView): { readonly [key: string]: JsonValue } {
  return {
    ...(file.md5 === undefined ? {} : { md5: file.md5 }),
    ...(file.sha1 === undefined ? {} : { sha1: file.sha1 }),
  };
}
