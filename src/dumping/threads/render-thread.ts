/** The entry of a rendering thread: takes messages, renders, answers. One text connection a thread. */
import { parentPort, workerData } from 'node:worker_threads';
import { silentLog } from '../../core/log.ts';
import type { Bz2SegmentReader } from '../../export/containers/bz2/decode/read-segment.ts';
import type { WriterOptions } from '../../export/writer/options.ts';
import type { TextSource } from '../../mediawiki/text/text-source.ts';
import type { FromThread, ThreadSetup, ToThread } from './messages.ts';
import { uploadReader } from './read-upload.ts';
import { StreamRenderer } from './stream-renderer.ts';
import { packFailure } from './thread-failure.ts';

const port = parentPort;
if (!port) throw new Error('render-thread is only run as a worker thread');

const setup = workerData as ThreadSetup;
const send = (message: FromThread): void => port.postMessage(message);
const aborts = new Map<number, AbortController>();
let source: Promise<TextSource> | null = null;
/** One block at a time: it has memory of its own, and a history's blocks gain nothing by more. */
let bunzip: Bz2SegmentReader | null = null;
const openTexts = (): Promise<TextSource> => {
  source ??= openSource();
  return source;
};

/** Loaded when it is needed, as the piece builder below: a stub of a small wiki is done before the driver is loaded. */
async function openSource(): Promise<TextSource> {
  const { openTextSource } = await import('../../mediawiki/text/open-text-source.ts');
  return await openTextSource({
    database: setup.database,
    externalStores: setup.externalStores,
    ...(setup.legacyEncoding === null ? {} : { legacyEncoding: setup.legacyEncoding }),
    retryForMs: setup.retryForMs,
    log: silentLog,
  });
}

const stream = new StreamRenderer(withFiles(setup), setup.compression, openTexts, send);

/** A function cannot be sent to a thread: the reader of files is added here. */
function withFiles({ writer, imagesFolder }: ThreadSetup): WriterOptions {
  if (imagesFolder === null || writer.uploads === undefined) return writer;
  return { ...writer, uploads: { ...writer.uploads, readFile: uploadReader(imagesFolder) } };
}

async function handle(message: ToThread): Promise<void> {
  switch (message.kind) {
    case 'render':
      await stream.render(message.id, message.chunk);
      return;
    case 'write':
      stream.write(message.id, message.descriptor);
      return;
    case 'piece': {
      const abort = new AbortController();
      aborts.set(message.id, abort);
      try {
        const { Bz2Compressor } = await import('../../export/containers/bz2/compressor.ts');
        const { Bz2SegmentReader } = await import('../../export/containers/bz2/decode/read-segment.ts');
        const { PieceBuilder } = await import('../piece/piece-builder.ts');
        const { folder } = message.spec;
        using compressor = setup.bz2 && new Bz2Compressor({ ...setup.bz2, folder, signal: abort.signal });
        const builder = new PieceBuilder({
          writer: setup.writer,
          compressor,
          bunzip: () => {
            bunzip ??= new Bz2SegmentReader(1);
            return bunzip;
          },
          openTexts,
          onProgress: (revisions, rawBytes) =>
            send({ kind: 'progress', id: message.id, revisions, rawBytes }),
        });
        const report = await builder.build(message.spec, abort.signal);
        send({ kind: 'piece', id: message.id, report });
      } finally {
        aborts.delete(message.id);
      }
      return;
    }
    case 'abort':
      aborts.get(message.id)?.abort();
      return;
    case 'close':
      await (await source)?.[Symbol.asyncDispose]();
      port?.close();
  }
}

port.on('message', (message: ToThread) => {
  handle(message).catch((error: unknown) => {
    send({ kind: 'failed', id: 'id' in message ? message.id : -1, error: packFailure(error) });
  });
});
send({ kind: 'ready' });
