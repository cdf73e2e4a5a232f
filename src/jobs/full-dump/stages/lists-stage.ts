import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { done, doneWithErrors, held, Stage, type StageOutcome, skipped } from '../../../control/stage.ts';
import { gzMember } from '../../../export/containers/gz/members.ts';
import { dumpFileName } from '../../../publish/dump-catalogue/file-name.ts';
import { copyVerified, digestFile } from '../../../publish/files/copy-verified.ts';
import type { FileDigest } from '../../../publish/files/file-digest.ts';
import { HashingFileWriter } from '../../../publish/files/hashing-file-writer.ts';
import { catalogued } from '../content/lanes.ts';
import { frozenSiteInfo } from '../content/site.ts';
import { namespacesAnswer } from '../lists/namespaces-answer.ts';
import { titleFiles } from '../lists/title-lists.ts';
import type { FilesSummary, MadeFile } from '../made-file.ts';
import { publishEarly } from '../publication/publish-early.ts';
import { isPublishedBefore } from '../publication/publish-set.ts';
import { audienceOf, type FullDumpContext, runFolder, workspaceFor } from '../run-folder.ts';
import { type FullDumpServices, wikiOf } from '../services.ts';

/** Publishes the lists of titles, which came with the spool, and the wiki's namespaces, from its siteinfo. */
export class ListsStage extends Stage<FullDumpServices> {
  readonly name = 'lists';
  override readonly needs: readonly string[];
  override readonly retries = { tries: 3, backoffMs: 10_000 };
  readonly deadlineMs = 60 * 60_000;

  /** @param needs the spool where there is one: titles come with it */
  constructor(needs: readonly string[]) {
    super();
    this.needs = needs;
  }

  async run(context: FullDumpContext): Promise<StageOutcome> {
    if (await isPublishedBefore(context, 'lists')) return skipped('published by an earlier epoch');
    const wiki = wikiOf(context.services, context.run.subject);
    const folder = join(context.workspace, 'lists');
    await rm(folder, { recursive: true, force: true });
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await context.services.status.start(context, ['lists']);
    const files: MadeFile[] = [];
    const { outputs } = wiki.fullDump;
    if (outputs.includes('titles')) files.push(...(await titles(context, folder)));
    if (outputs.includes('namespaces')) files.push(...(await namespaces(context, folder)));
    const summary: FilesSummary = { files };
    const result = await publishEarly(context, 'lists', files);
    if (result.state === 'held') return held(result.reason, summary);
    return result.state === 'rejected' ? doneWithErrors('the lists were rejected', summary) : done(summary);
  }
}

async function titles(context: FullDumpContext, folder: string): Promise<readonly MadeFile[]> {
  const from = join(runFolder(context).spool, 'titles');
  const made: MadeFile[] = [];
  for (const [output, source] of [
    ['titles-ns0', titleFiles.main],
    ['titles', titleFiles.all],
  ] as const) {
    const path = join(from, source);
    const { sizeBytes, sha256 } = await digestFile(path, context.signal);
    const target = join(folder, nameOf(context, output));
    // A copy: the spool stays whole for a resume after publication has moved the file away.
    const digest = await copyVerified({ path, sizeBytes, sha256 }, target, { signal: context.signal });
    made.push(await madeFile(context, output, target, digest, 0));
  }
  return made;
}

async function namespaces(context: FullDumpContext, folder: string): Promise<readonly MadeFile[]> {
  const siteInfo = await frozenSiteInfo(context);
  const made: MadeFile[] = [];
  for (const [output, version] of [
    ['namespaces', 1],
    ['namespaces-v2', 2],
  ] as const) {
    const body = Buffer.from(namespacesAnswer(siteInfo, version));
    const path = join(folder, nameOf(context, output));
    await using writer = await HashingFileWriter.create(path);
    await writer.write(gzMember(body, { level: 6 }));
    made.push(await madeFile(context, output, path, await writer.close(), body.length));
  }
  return made;
}

async function madeFile(
  context: FullDumpContext,
  output: string,
  path: string,
  digest: FileDigest,
  rawBytes: number,
): Promise<MadeFile> {
  const audience = audienceOf(context);
  const workspace = await workspaceFor(context, audience);
  return {
    output,
    set: 'lists',
    name: nameOf(context, output),
    audience,
    committedPath: workspace.committedPath(path),
    digest,
    rawBytes,
    counts: {},
  };
}

function nameOf(context: FullDumpContext, output: string): string {
  return dumpFileName(context.run.subject, context.run.date, catalogued(output));
}
