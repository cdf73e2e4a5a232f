import type { IniValue } from './ini-sections.ts';

export type FindKey = (section: string, key: string) => IniValue | undefined;
type Note = (line: number | null, text: string) => void;

/** Outputs with the jobs that made them before. */
const jobsOfOutputs: readonly (readonly [string, readonly string[]])[] = [
  ['stubs', ['xmlstubsdump']],
  ['articles', ['articlesdump']],
  ['multistream', ['articlesmultistreamdump']],
  ['current', ['metacurrentdump']],
  ['history', ['metahistorybz2dump']],
  ['logs', ['xmlpagelogsdump']],
  ['titles', ['pagetitlesdump', 'allpagetitlesdump']],
  ['namespaces', ['namespaces']],
  ['tables', ['alltables']],
];

/** Which outputs were made, and in which formats the history; of a wiki only where its section says so. */
export function outputsOf(p: {
  readonly find: FindKey;
  readonly isWhole: boolean;
  readonly skipJobs: IniValue | undefined;
  readonly note: Note;
}): object {
  const multistream = p.find('otherformats', 'multistream');
  if (!p.isWhole && multistream === undefined) return {};
  const skipped = new Set((p.skipJobs?.value ?? '').split(',').map((job) => job.trim()));
  const outputs = jobsOfOutputs
    .filter(
      ([output]) => output !== 'multistream' || (multistream !== undefined && multistream.value !== '0'),
    )
    .filter(([, jobs]) => !jobs.every((job) => skipped.has(job)))
    .map(([output]) => output);
  for (const job of skipped) {
    if (job === '' || job === 'sitelistdump' || job === 'metahistory7zdump') continue;
    const known = jobsOfOutputs.find(([, jobs]) => jobs.includes(job));
    if (known === undefined || outputs.includes(known[0])) {
      p.note(p.skipJobs?.line ?? null, `skipjobs ${job}: there is no output that is just this job`);
    }
  }
  if (!p.isWhole || skipped.has('metahistory7zdump')) return { outputs };
  return { outputs, compression: { history: ['bz2', '7z'] } };
}

/** Where big outputs are cut. */
export function splitOf(find: FindKey, note: Note): object {
  const isOn = (found: IniValue | undefined): found is IniValue => found !== undefined && found.value !== '0';
  const split: Record<string, unknown> = {};
  const pages = find('chunks', 'pagesperchunkhistory');
  if (isOn(find('chunks', 'checkpointtime'))) {
    const most = find('chunks', 'maxrevbytes');
    const isNumber = most === undefined || /^\d+$/.test(most.value);
    if (!isNumber) note(most.line, `maxrevbytes = ${most.value} is no number and was left out`);
    const bytes = most !== undefined && isNumber ? most.value : '35000000000';
    for (const output of ['articles', 'current', 'history']) split[output] = { maxRawBytes: `${bytes}B` };
  } else if (isOn(find('chunks', 'chunksenabled')) && isOn(pages)) {
    const counts = pages.value.split(',').map((count) => Number(count.trim()));
    if (counts.some((count) => !Number.isSafeInteger(count) || count < 1)) {
      note(pages.line, `pagesPerChunkHistory = ${pages.value} is not understood and was left out`);
      return {};
    }
    const most = Math.max(...counts);
    if (counts.length > 1) {
      note(
        pages.line,
        `parts of unequal pages (${counts.length}): they are cut after ${most} pages each; later dates keep their ranges`,
      );
    }
    for (const output of ['stubs', 'articles', 'current', 'history']) split[output] = { maxPages: most };
  }
  return Object.keys(split).length === 0 ? {} : { split };
}
