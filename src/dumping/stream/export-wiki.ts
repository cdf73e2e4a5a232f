import type { WikiConfig } from '../../config/farm-config.ts';
import type { WriterOptions } from '../../export/writer/options.ts';
import { renderFooter, renderHeader } from '../../export/writer/site-head.ts';
import { readEncodedPages } from '../../mediawiki/metadata/read-pages.ts';
import type { ReadPagesOptions } from '../../mediawiki/metadata/read-pages-options.ts';
import { readUploads } from '../../mediawiki/metadata/read-uploads.ts';
import { decodeChunk, encodeChunk } from '../../mediawiki/record/chunk-codec.ts';
import type { EncodedChunk } from '../../mediawiki/record/page-part.ts';
import { readSiteInfo } from '../../mediawiki/siteinfo/read-site-info.ts';
import { openRedirects } from '../redirects.ts';
import { uploadAddress } from '../upload-address.ts';
import { openWiki, siteInfoSource, type WikiReading, wikiAccess } from '../wiki-access.ts';
import { exportLogs } from './export-logs.ts';
import type { ExportWikiOptions } from './export-options.ts';
import { type ExportProgress, exportStream } from './export-stream.ts';

/** Half of what pieces are made from: a stream holds three chunks a thread. */
const chunkBytes = 4 << 20;
const chunkRevisions = 1_000;

/** Writes one wiki as an XML stream, from one snapshot of its metadata. */
export async function exportWiki(wiki: WikiConfig, options: ExportWikiOptions): Promise<ExportProgress> {
  const access = wikiAccess(wiki);
  const { siteInfo, lacks } = await readSiteInfo(siteInfoSource(wiki), {
    signal: options.signal,
    databaseName: wiki.name,
  });
  if (lacks.length > 0) options.onRemark(`the siteinfo source does not tell: ${lacks.join(', ')}`);
  await using reading = await openWiki(access, options);
  await reading.connection.beginSnapshot(options.signal);
  const { schema, profile, texts, asMediawiki } = options;
  const writer: WriterOptions = {
    schema,
    profile,
    texts,
    asMediawiki,
    siteInfo,
    modelFormats: wiki.contentModels,
    ...(options.uploads ? { uploads: { baseUrl: wiki.imagesUrl ?? uploadAddress(siteInfo) } } : {}),
  };
  if (options.what === 'logs') return await exportLogs(wiki, reading, writer, options);
  await using opened = await openRedirects(access, siteInfo, options.log);
  const selection: ReadPagesOptions = {
    ...range(options),
    latestOnly: options.what === 'current',
    targetChunkBytes: chunkBytes,
    targetChunkRevisions: chunkRevisions,
    redirects: opened.redirects,
    signal: options.signal,
  };
  const chunks = readEncodedPages(reading.connection, reading.schema, selection);
  const { database, externalStores, legacyEncoding, retryForMs } = access;
  return await exportStream(options.uploads ? withUploads(chunks, reading, options.signal) : chunks, {
    ...options,
    setup: {
      database,
      externalStores,
      legacyEncoding,
      retryForMs,
      writer,
      compression: options.compression,
      bz2: null,
      imagesFolder: options.includeFiles ? wiki.imagesFolder : null,
    },
    header: renderHeader(writer),
    footer: renderFooter(writer),
  });
}

function range(options: ExportWikiOptions): { fromPage?: number; toPage?: number } {
  return {
    ...(options.start === undefined ? {} : { fromPage: options.start }),
    ...(options.end === undefined ? {} : { toPage: options.end }),
  };
}

/** Adds the versions of uploaded files to the pages that describe them. */
async function* withUploads(
  chunks: AsyncIterable<EncodedChunk>,
  reading: WikiReading,
  signal: AbortSignal,
): AsyncGenerator<EncodedChunk, void, void> {
  for await (const encoded of chunks) {
    const chunk = decodeChunk(encoded.bytes);
    const pages = chunk.parts.filter((part) => part.isLast).map((part) => part.page);
    const uploads = await readUploads(reading.connection, reading.schema, pages, signal);
    if (uploads.size === 0) {
      yield encoded;
      continue;
    }
    yield encodeChunk({
      ...chunk,
      parts: chunk.parts.map((part) => {
        const versions = part.isLast ? uploads.get(part.page.id) : undefined;
        return versions ? { ...part, uploads: versions } : part;
      }),
    });
  }
}
