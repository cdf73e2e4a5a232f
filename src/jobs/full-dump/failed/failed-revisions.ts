import type { FullDumpSettings } from '../../../config/full-dump-config.ts';
import type { FailedRevision } from '../../../dumping/threads/failed-revision.ts';
import { makeFolder, writeFileAtomic } from '../../../publish/files/durable.ts';
import type { FinishedPiece } from '../content/committed-pieces.ts';
import { audienceOf, type FullDumpContext } from '../run-folder.ts';

/** All faults of the dump's revisions, in the order of the dump. */
export function failuresOf(pieces: readonly FinishedPiece[]): readonly FailedRevision[] {
  return pieces.flatMap((piece) => piece.report.failed);
}

/** Why the content sets should not be published without a person's word; empty when all is within the tolerance. */
export function doubtsOf(
  failures: readonly FailedRevision[],
  tolerance: FullDumpSettings['tolerance'],
): readonly string[] {
  const failed = failures.filter((failure) => failure.kind === 'failed').length;
  const mismatched = failures.filter((failure) => failure.kind === 'mismatch').length;
  const doubts: string[] = [];
  if (failed > 0 && failed > tolerance.failedTexts) {
    doubts.push(`${failed} texts could not be read (tolerated: ${tolerance.failedTexts})`);
  }
  if (tolerance.mismatchedTexts !== null && mismatched > tolerance.mismatchedTexts) {
    doubts.push(`${mismatched} texts differ from their SHA-1 (tolerated: ${tolerance.mismatchedTexts})`);
  }
  return doubts;
}

/**
 * Writes `<wiki>-<date>-failed-revisions.json` beside the dump: page, revision, role, kind and code. What may name
 * addresses and hosts goes to the file of the same name in the private tree only.
 */
export async function writeFailedRevisions(
  context: FullDumpContext,
  failures: readonly FailedRevision[],
): Promise<void> {
  if (failures.length === 0) return;
  await context.assertCurrent();
  const { run, services } = context;
  const name = `${run.subject}-${run.date}-failed-revisions.json`;
  const shown = failures.map(({ page, revision, role, kind, code }) => ({
    page,
    revision,
    role,
    kind,
    code,
  }));
  for (const [tree, list] of [
    [services.trees.private, failures],
    [services.trees[audienceOf(context)], audienceOf(context) === 'private' ? failures : shown],
  ] as const) {
    await makeFolder(tree.dateFolder(run.subject, run.date), tree.folderMode);
    const body = `${JSON.stringify({ wiki: run.subject, date: run.date, failed: list }, null, 1)}\n`;
    await writeFileAtomic(tree.file(run.subject, run.date, name), body, {
      mode: tree.fileMode,
      guard: () => context.assertTrusted(),
    });
  }
}
