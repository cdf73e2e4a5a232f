import { open } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { openContainer, rawBytes } from '../../../export/containers/read/open-container.ts';
import { findSevenZip, writeSevenZip } from '../../../export/containers/seven-zip/write-archive.ts';
import type { DumpOutput } from '../../../publish/dump-catalogue/dump-output.ts';
import { dumpFileName } from '../../../publish/dump-catalogue/file-name.ts';
import { digestFile } from '../../../publish/files/copy-verified.ts';
import { syncFolder } from '../../../publish/files/durable.ts';
import { writing } from '../../../publish/files/file-failure.ts';
import { workPath } from '../../../publish/workspace/workspace.ts';
import { archives } from '../content/lanes.ts';
import type { MadeFile } from '../made-file.ts';
import { type FullDumpContext, workspaceFor } from '../run-folder.ts';
import { wikiOf } from '../services.ts';

export interface ArchivesOptions {
  /** Where the new files go. */
  readonly folder: string;
  /** What is assembled already. */
  readonly files: readonly MadeFile[];
  /** Files of an earlier assembly: an archive stays if the file that it is made from did. */
  readonly earlier: readonly MadeFile[];
  readonly onFile: () => void;
}

/** Makes the dump's 7z files, each from the assembled file (or part) of the same content. */
export async function makeArchives(
  context: FullDumpContext,
  options: ArchivesOptions,
): Promise<readonly MadeFile[]> {
  const made: MadeFile[] = [];
  for (const archive of archivesOf(context, options.files)) {
    const { source, output } = archive;
    const kept = options.earlier.includes(source)
      ? options.earlier.find(
          (file) => file.output === output.output && file.split?.part === source.split?.part,
        )
      : undefined;
    made.push(kept ?? (await makeArchive(context, archive, options.folder)));
    options.onFile();
  }
  return made;
}

/** The files that are to be recompressed, with what becomes of them. */
function archivesOf(context: FullDumpContext, files: readonly MadeFile[]): readonly ArchiveToMake[] {
  return archives(wikiOf(context.services, context.run.subject).fullDump).flatMap(({ output, from }) => {
    const source = from.find((name) => files.some((file) => file.output === name));
    return files.filter((file) => file.output === source).map((file) => ({ source: file, output }));
  });
}

interface ArchiveToMake {
  readonly source: MadeFile;
  readonly output: DumpOutput;
}

async function makeArchive(
  context: FullDumpContext,
  { source, output }: ArchiveToMake,
  folder: string,
): Promise<MadeFile> {
  const { services, signal, run } = context;
  const name = dumpFileName(run.subject, run.date, output, source.split);
  const path = join(folder, name);
  const content = await openContainer(workPath(services.trees[source.audience], source.committedPath), {
    signal,
    searchPath: services.searchPath,
  });
  await writeSevenZip(rawBytes(content), {
    program: await findSevenZip(services.searchPath),
    path,
    threads: wikiOf(services, run.subject).fullDump.threads,
    signal,
    own: (pgid) => context.ownProcessGroup(pgid),
  });
  await makeDurable(path);
  const workspace = await workspaceFor(context, source.audience);
  return {
    ...source,
    output: output.output,
    set: output.set,
    name,
    committedPath: workspace.committedPath(path),
    digest: await digestFile(path, signal),
  };
}

/** The program has written and renamed it, but made nothing of that sure. */
export async function makeDurable(path: string): Promise<void> {
  await writing('finish', path, async () => {
    const handle = await open(path, 'r+');
    try {
      await handle.chmod(0o644);
      await handle.sync();
    } finally {
      await handle.close();
    }
  });
  await syncFolder(dirname(path));
}
