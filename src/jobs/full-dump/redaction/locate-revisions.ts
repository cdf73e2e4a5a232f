import { openContainer, rawBytes } from '../../../export/containers/read/open-container.ts';
import { XmlScanner } from '../../../export/scanner/xml-scanner.ts';
import type { DatedFile } from './published-files.ts';
import type { RewriteTools } from './redaction-tools.ts';

/** Outputs in which revisions are looked for: the quickest to read of those that hold most. */
const sources = [
  ['stub-history'],
  ['history-zst'],
  ['history-bz2'],
  ['stub-current', 'stub-articles'],
  ['current-zst'],
  ['current-bz2'],
  ['articles-zst'],
  ['articles-bz2'],
  ['articles-multistream'],
];

/** On which pages the revisions are that a date holds. Reads one output from start to end. */
export async function locateRevisions(
  files: readonly DatedFile[],
  revisions: ReadonlySet<number>,
  tools: Pick<RewriteTools, 'searchPath' | 'signal'>,
): Promise<ReadonlyMap<number, number>> {
  const pages = new Map<number, number>();
  const outputs = sources.find((names) => files.some((file) => names.includes(file.output))) ?? [];
  for (const { path } of files.filter((file) => outputs.includes(file.output))) {
    const scanner = new XmlScanner({
      onRevision: ({ id, pageId }) => {
        if (pageId !== null && revisions.has(id)) pages.set(id, pageId);
      },
    });
    for await (const bytes of rawBytes(await openContainer(path, tools))) scanner.push(bytes);
    scanner.finish();
  }
  return pages;
}
