import { join } from 'node:path';
import { done, doneWithErrors, Stage, type StageOutcome, skipped } from '../../../control/stage.ts';
import {
  type DayManifest,
  dayFiles,
  dayManifestName,
  stateFileName,
} from '../../../export/changes/day-manifest.ts';
import { writeFileAtomic } from '../../../publish/files/durable.ts';
import type { FileDigest } from '../../../publish/files/file-digest.ts';
import { followSet } from '../../../publish/publication/follow-set.ts';
import type { PublishedFile } from '../../../publish/publication/pointers.ts';
import { nodeFileSystem } from '../../../publish/publication/publishing-file-system.ts';
import { Workspace } from '../../../publish/workspace/workspace.ts';
import { dayFileName, dayFolder, privateWorkspace, writerOf } from '../day/day-folder.ts';
import { type DayRecord, dayKey, parseDayRecord } from '../day/day-record.ts';
import type { ChangesContext, ChangesServices } from '../services.ts';
import type { LastLookSummary } from './last-look-stage.ts';

/**
 * Publishes the day: its record in the store first, under the run's token, then the files, checksums and at last
 * `status.txt`, by which the field's readers know a good day. Repeating it completes what a crash left half done.
 */
export class PublishStage extends Stage<ChangesServices> {
  readonly name = 'publish';
  override readonly retries = { tries: 4, backoffMs: 5_000 };
  readonly deadlineMs = 60 * 60_000;

  async run(context: ChangesContext): Promise<StageOutcome> {
    const { run, services } = context;
    const key = dayKey(run.subject, run.date);
    if ((await context.summaryOf('state')) === undefined) return skipped('a later day is published');
    const known = await context.readPointer(key);
    const record =
      known === undefined || known === null ? await recordOf(context) : parseDayRecord(known, key);
    if (known === undefined || known === null) await context.commitPointer(key, record);
    context.assertTrusted();
    await followDay(services, record);
    const { status, increment, restored, failed } = record.manifest;
    const summary = { status, increment, restored };
    return failed.length === 0
      ? done(summary)
      : doneWithErrors(`${failed.length} texts could not be read as they should be`, summary);
  }
}

/** Makes the trees hold the day as its record says. Repeatable. */
export async function followDay(
  { trees }: Pick<ChangesServices, 'trees'>,
  { manifest, files }: DayRecord,
): Promise<void> {
  const { wiki, date, status } = manifest;
  const at = { job: 'changes', wiki, date, set: 'changes' };
  await followSet(
    nodeFileSystem,
    trees,
    at,
    { version: 1, publishedAt: manifest.snapshotAt, files: [...files] },
    'hash',
  );
  const folder = trees.public.dateFolder(wiki, date);
  const mode = { mode: trees.public.fileMode };
  const sums = manifest.files.map(({ md5, name }) => `${md5} *${name}`).join('\n');
  await writeFileAtomic(join(folder, `${wiki}-${date}-${dayFiles.md5sums}`), sums, mode);
  await writeFileAtomic(join(folder, dayManifestName), `${JSON.stringify(manifest, null, 2)}\n`, mode);
  await writeFileAtomic(join(folder, 'status.txt'), status, mode);
}

async function recordOf(context: ChangesContext): Promise<DayRecord> {
  const { run, services } = context;
  const { state, content } = (await context.summaryOf('last-look')) as LastLookSummary;
  const { plan, ledgers } = state;
  const { schema } = await writerOf(context);
  const ledgerName = dayFileName(context, dayFiles.ledger);
  const made = [
    ...content.files,
    ...(ledgers === null ? [] : [{ name: ledgerName, digest: ledgers.public }]),
  ];
  const workspace = await Workspace.open(services.trees.public, run.id, run.epoch);
  const { files } = dayFolder(context);
  const closed = await privateWorkspace(context);
  const stateName = dayFileName(context, stateFileName);
  const published: PublishedFile[] = [
    ...made.map(({ name, digest }) => ({
      ...{ name, digest: plain(digest), audience: 'public' as const },
      committedPath: workspace.committedPath(join(files, name)),
    })),
    ...(ledgers === null
      ? []
      : [
          {
            ...{ name: stateName, digest: plain(ledgers.private), audience: 'private' as const },
            committedPath: closed.committedPath(join(closed.folder, stateName)),
          },
        ]),
  ];
  const { revisionId, takenAt, estimated } = plan.mark;
  const manifest: DayManifest = {
    version: 1,
    wiki: run.subject,
    date: run.date,
    status: plan.previousMark === null ? 'baseline' : content.failed.length > 0 ? 'done-with-errors' : 'done',
    mark: { revisionId, takenAt, estimated },
    previousMark: plan.previousMark,
    snapshotAt: state.snapshotAt,
    schema,
    exact: ledgers !== null && plan.bases.length > 0,
    ...(state.compared === null ? {} : { compared: state.compared.by }),
    bases: plan.bases.map(({ job, date, ledgerSha256 }) => ({ job, date, ledgerSha256 })),
    ledger: ledgers && { file: ledgerName, sha256: ledgers.public.sha256, ...ledgers.totals },
    increment: content.increment,
    restored: content.restored,
    failed: [...content.failed],
    files: made.map(({ name, digest }) => ({ name, ...plain(digest) })),
  };
  return { manifest, files: published };
}

const plain = ({ sizeBytes, md5, sha1, sha256 }: FileDigest) => ({ sizeBytes, md5, sha1, sha256 });
