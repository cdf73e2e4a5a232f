import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { RotaError } from '../../../core/errors/rota-error.ts';
import { publicLogTypesOf } from '../../../dumping/log-visibility.ts';
import { openWiki, type WikiReading, wikiAccess } from '../../../dumping/wiki-access.ts';
import { gzMember } from '../../../export/containers/gz/members.ts';
import { OutputBuffer } from '../../../export/kernel/output-buffer.ts';
import { LogRenderer } from '../../../export/writer/log-renderer.ts';
import { renderFooter, renderHeader } from '../../../export/writer/site-head.ts';
import { readLogs } from '../../../mediawiki/metadata/read-logs.ts';
import { readLogVisibility } from '../../../mediawiki/metadata/read-visibility.ts';
import { dumpFileName } from '../../../publish/dump-catalogue/file-name.ts';
import { HashingFileWriter } from '../../../publish/files/hashing-file-writer.ts';
import { catalogued } from '../content/lanes.ts';
import { writerOptions } from '../content/site.ts';
import type { MadeFile } from '../made-file.ts';
import { audienceOf, type FullDumpContext, workspaceFor } from '../run-folder.ts';
import { wikiOf } from '../services.ts';
import { VisibilitySum } from './visibility-sum.ts';

const portionBytes = 4 << 20;

export interface MadeLog {
  readonly file: MadeFile;
  readonly unknownTypes: readonly string[];
  /** Entries that are left out or printed without what their rows lack. */
  readonly failed: number;
  /** Asks the database whether all entries in the file are as visible as when they were read. */
  isUnchanged(): Promise<boolean>;
  stillChanging(): RotaError;
}

/** Writes pages-logging.xml.gz. Memory: one portion of XML and a batch of rows. */
export async function makeLogFile(context: FullDumpContext): Promise<MadeLog> {
  const { run, services, signal, log } = context;
  const wiki = wikiOf(services, run.subject);
  const folder = join(context.workspace, 'logs');
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const options = { ...(await writerOptions(context, 'full')), profile: 'one-pass' as const };
  const open = () => openWiki(wikiAccess(wiki), { log, signal });
  await using reading = await open();
  const { excluded, unknown } = await publicLogTypesOf(wiki, reading, (text) =>
    log.warn({ wiki: wiki.name }, text),
  );
  const name = dumpFileName(wiki.name, run.date, catalogued('logging'));
  const path = join(folder, name);
  await using writer = await HashingFileWriter.create(path);
  const out = new OutputBuffer();
  const renderer = new LogRenderer(options, out);
  const seen = new VisibilitySum();
  const total = { items: 0, failed: 0, rawBytes: 0 };
  const flush = async (bytes: Buffer) => {
    total.rawBytes += bytes.length;
    await writer.write(gzMember(bytes, { level: 6 }));
  };
  await flush(renderHeader(options));
  for await (const batch of readLogs(reading.connection, reading.schema, {
    excludedTypes: excluded,
    signal,
  })) {
    for (const record of batch) {
      const findings = renderer.logItem(record);
      if (findings.length > 0) total.failed += 1;
      if (!findings.some((finding) => finding.kind === 'dropped')) total.items += 1;
      seen.add(record.id, record.deleted);
    }
    context.progress({ done: total.items, total: 0, unit: 'log entries' });
    if (out.length < portionBytes) continue;
    await flush(out.bytes());
    out.reset();
  }
  if (out.length > 0) await flush(out.bytes());
  await flush(renderFooter(options));
  const digest = await writer.close();
  const audience = audienceOf(context);
  const workspace = await workspaceFor(context, audience);
  return {
    file: {
      output: 'logging',
      set: 'logs',
      name,
      audience,
      committedPath: workspace.committedPath(path),
      digest,
      rawBytes: total.rawBytes,
      counts: { logItems: total.items },
    },
    unknownTypes: unknown,
    failed: total.failed,
    isUnchanged: async () => {
      await using again = await open();
      return (await visibilityNow(again, excluded, seen.greatestId, signal)).equals(seen);
    },
    stillChanging: () =>
      new RotaError(
        'WIKI_KEEPS_CHANGING',
        `log entries of ${wiki.name} are being hidden or deleted faster than the log can be written; it is tried again`,
      ),
  };
}

async function visibilityNow(
  reading: WikiReading,
  excludedTypes: readonly string[],
  greatestId: number,
  signal: AbortSignal,
): Promise<VisibilitySum> {
  const sum = new VisibilitySum();
  const rows = readLogVisibility(reading.connection, reading.schema, {
    excludedTypes,
    toId: greatestId + 1,
    signal,
  });
  for await (const batch of rows) for (const { id, deleted } of batch) sum.add(id, deleted);
  return sum;
}
