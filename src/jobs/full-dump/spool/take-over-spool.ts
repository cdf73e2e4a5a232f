import { copyFile, cp, readFile, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { RotaError } from '../../../core/errors/rota-error.ts';
import { readSpoolManifest } from '../../../dumping/spool/spool-reader.ts';
import { writeFileAtomic } from '../../../publish/files/durable.ts';
import { workspaceName } from '../../../publish/workspace/workspace.ts';
import { readParameters } from '../parameters.ts';
import { audienceOf, type FullDumpContext, runFolder } from '../run-folder.ts';
import type { SpoolSummary } from './spool-summary.ts';

const summaryName = 'summary.json';

/** Leaves the stage's summary beside the spool, for an epoch that takes the spool over. */
export async function writeSpoolSummary(context: FullDumpContext, summary: SpoolSummary): Promise<void> {
  const path = join(runFolder(context).spool, summaryName);
  await writeFileAtomic(path, JSON.stringify(summary), { mode: 0o600 });
}

/**
 * Where the run was asked to make only its pieces anew (`--from-stage content`), copies the spool of the earlier epoch, and
 * where its files are cut;
 * null where it was not.
 */
export async function takeOverSpool(context: FullDumpContext): Promise<SpoolSummary | null> {
  const { run, services } = context;
  const { spoolOfEpoch } = readParameters(run.parameters);
  if (spoolOfEpoch === undefined) return null;
  const work = services.trees[audienceOf(context)].workRoot;
  const earlier = join(work, workspaceName(run.id, spoolOfEpoch));
  const from = join(earlier, 'spool');
  const summary = await readFile(join(from, summaryName), 'utf8').catch(() => null);
  if (summary === null || readSpoolManifest(from) === null) {
    throw new RotaError(
      'SPOOL_DAMAGED',
      `epoch ${spoolOfEpoch} of ${run.id} left no whole spool in ${from}; begin anew with --force`,
    );
  }
  const to = runFolder(context).spool;
  await rm(to, { recursive: true, force: true });
  await cp(from, to, { recursive: true });
  const { splits } = runFolder(context);
  // Files of one date are cut alike, whenever they are made. That epoch may have ended before it came to that.
  await copyFile(join(earlier, basename(splits)), splits).catch(() => undefined);
  return JSON.parse(summary) as SpoolSummary;
}
