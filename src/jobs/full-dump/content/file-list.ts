import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { RotaError } from '../../../core/errors/rota-error.ts';
import { writeFileAtomic } from '../../../publish/files/durable.ts';
import { workspaceName } from '../../../publish/workspace/workspace.ts';
import type { MadeFile } from '../made-file.ts';
import { audienceOf, type FullDumpContext, type StatusContext } from '../run-folder.ts';

/** Where a stage left the list of its files: a dump that is split has more than fit in a summary. */
export interface FileListSummary {
  readonly files: number;
  readonly list: {
    /** Relative to the workspace. */
    readonly path: string;
    readonly sha256: string;
  };
}

export async function writeFileList(
  context: FullDumpContext,
  stage: string,
  files: readonly MadeFile[],
): Promise<FileListSummary> {
  // Each attempt has a list of its own: the summary says which one holds.
  const path = `${stage}-files.${context.token.replaceAll(/[^\w.-]/g, '_')}.json`;
  const body = JSON.stringify(files);
  await writeFileAtomic(join(context.workspace, path), body, { mode: 0o600 });
  return { files: files.length, list: { path, sha256: sha256(body) } };
}

/**
 * The files of a finished stage.
 * @throws RotaError FILE_UNREADABLE
 */
export async function readFileList(context: StatusContext, stage: string): Promise<readonly MadeFile[]> {
  const { list } = (await context.summaryOf(stage)) as FileListSummary;
  const { run, services } = context;
  const work = services.trees[audienceOf(context)].workRoot;
  const path = join(work, workspaceName(run.id, run.epoch), list.path);
  const unreadable = (what: string, cause?: unknown) =>
    new RotaError('FILE_UNREADABLE', `${path} ${what}; do the stage again (--from-stage ${stage})`, {
      cause,
      facts: { path },
    });
  const body = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw unreadable('cannot be read', cause);
  });
  if (sha256(body) !== list.sha256) throw unreadable('is not what was written');
  return JSON.parse(body) as readonly MadeFile[];
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
