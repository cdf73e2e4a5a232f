import { type ChecksumAlgorithm, checksumAlgorithms } from '../files/file-digest.ts';
import type { DumpView, FileView } from './dump-view.ts';
import { pythonJson } from './python-json.ts';

/** One line as `md5sum -c` reads it. */
export function checksumLine(hex: string, file: string): string {
  return `${hex}  ${file}\n`;
}

/**
 * All checksum files of a date, by name: `<wiki>-<date>-md5sums.txt` and `.json` (also sha1, sha256) in order of
 * completion, and one `md5sums-<file>.txt` a file.
 */
export function checksumFiles(view: Pick<DumpView, 'wiki' | 'date' | 'jobs'>): ReadonlyMap<string, string> {
  const present = filesByCompletion(view);
  const bodies = new Map<string, string>();
  for (const algorithm of checksumAlgorithms) {
    const sums = present.flatMap((file) => {
      const hex = file[algorithm];
      return hex === undefined ? [] : [[file.name, hex] as const];
    });
    const base = checksumListName(view, algorithm);
    bodies.set(`${base}.txt`, sums.map(([name, hex]) => checksumLine(hex, name)).join(''));
    bodies.set(`${base}.json`, pythonJson({ [algorithm]: { files: Object.fromEntries(sums) } }));
    for (const [name, hex] of sums) bodies.set(fileChecksumName(algorithm, name), checksumLine(hex, name));
  }
  return bodies;
}

/** The name of a date's list of checksums, without extension. */
export function checksumListName(
  view: Pick<DumpView, 'wiki' | 'date'>,
  algorithm: ChecksumAlgorithm,
): string {
  return `${view.wiki}-${view.date}-${algorithm}sums`;
}

/** The name of the list that holds one file only. */
export function fileChecksumName(algorithm: ChecksumAlgorithm, file: string): string {
  return `${algorithm}sums-${file}.txt`;
}

function filesByCompletion(view: Pick<DumpView, 'jobs'>): readonly FileView[] {
  return view.jobs
    .toSorted((a, b) => (a.updatedAt?.getTime() ?? Infinity) - (b.updatedAt?.getTime() ?? Infinity) || 0)
    .flatMap((job) => job.files)
    .filter((file) => file.state === 'present');
}
