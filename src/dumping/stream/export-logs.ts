import type { WikiConfig } from '../../config/farm-config.ts';
import { OutputBuffer } from '../../export/kernel/output-buffer.ts';
import { LogRenderer } from '../../export/writer/log-renderer.ts';
import type { WriterOptions } from '../../export/writer/options.ts';
import { renderFooter, renderHeader } from '../../export/writer/site-head.ts';
import { mediawikiHiddenLogTypes } from '../../mediawiki/metadata/log-types.ts';
import { readLogs } from '../../mediawiki/metadata/read-logs.ts';
import { publicLogTypesOf } from '../log-visibility.ts';
import { writeFully } from '../threads/descriptor.ts';
import { compress } from '../threads/stream-renderer.ts';
import type { WikiReading } from '../wiki-access.ts';
import type { ExportWikiOptions } from './export-options.ts';
import type { ExportProgress } from './export-stream.ts';

/** Bytes of XML that are written at once. */
const portionBytes = 4 << 20;

/** Writes the wiki's log. Light enough for one thread. Memory: one portion and a batch of rows. */
export async function exportLogs(
  wiki: WikiConfig,
  reading: WikiReading,
  writer: WriterOptions,
  options: ExportWikiOptions,
): Promise<ExportProgress> {
  const excludedTypes = writer.asMediawiki
    ? mediawikiHiddenLogTypes
    : (await publicLogTypesOf(wiki, reading, options.onRemark)).excluded;
  const out = new OutputBuffer();
  const renderer = new LogRenderer(writer, out);
  const totals = { pages: 0, revisions: 0, rawBytes: 0, writtenBytes: 0 };
  const write = (bytes: Uint8Array) => {
    const packed = compress(bytes, options.compression);
    writeFully(options.descriptor, packed);
    totals.rawBytes += bytes.length;
    totals.writtenBytes += packed.length;
  };
  write(renderHeader({ ...writer, profile: 'one-pass' }));
  for await (const batch of readLogs(reading.connection, reading.schema, {
    ...(options.start === undefined ? {} : { fromId: options.start }),
    ...(options.end === undefined ? {} : { toId: options.end }),
    excludedTypes,
    signal: options.signal,
  })) {
    for (const record of batch) {
      const failed = renderer.logItem(record).map((finding) => ({
        page: 0,
        revision: record.id,
        role: '',
        kind: finding.kind,
        code: finding.code,
        detail: `log entry ${record.id}`,
      }));
      if (failed.length > 0) options.onFailed(failed);
    }
    totals.revisions += batch.length;
    if (out.length < portionBytes) continue;
    write(out.bytes());
    out.reset();
    options.onProgress(totals);
  }
  write(out.bytes());
  write(renderFooter({ ...writer, profile: 'one-pass' }));
  options.onProgress(totals);
  return totals;
}
