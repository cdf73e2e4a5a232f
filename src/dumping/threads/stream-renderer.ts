import { gzMember } from '../../export/containers/gz/members.ts';
import { zstFrame } from '../../export/containers/zst/frame.ts';
import { OutputBuffer } from '../../export/kernel/output-buffer.ts';
import type { WriterOptions } from '../../export/writer/options.ts';
import { PageRenderer } from '../../export/writer/page-renderer.ts';
import { needsText } from '../../export/writer/visibility.ts';
import type { TextSource } from '../../mediawiki/text/text-source.ts';
import { writeFully } from './descriptor.ts';
import type { FromThread, StreamCompression } from './messages.ts';
import { renderChunk } from './render-chunk.ts';
import { TextLoader } from './text-loader.ts';

/** Two, so that the next chunk is rendered while this one waits for its turn to be written. */
const bufferCount = 2;

interface Desk {
  readonly buffer: OutputBuffer;
  readonly renderer: PageRenderer;
}

interface Rendered {
  readonly desk: Desk;
  /** What is to be written: the buffer's own memory, or its compressed form. */
  readonly bytes: Uint8Array;
  readonly rawBytes: number;
}

/**
 * Renders chunks in a thread and writes each to the output when its turn comes: the bytes never travel between
 * threads. Chunks come in their order; texts of the next are asked for while this one is rendered.
 * Memory: two buffers of a rendered chunk each, and the compressed texts of two chunks.
 */
export class StreamRenderer {
  readonly #writer: WriterOptions;
  readonly #compression: StreamCompression;
  readonly #send: (message: FromThread) => void;
  readonly #rendered = new Map<number, Rendered>();
  readonly #free: Desk[] = [];
  readonly #waiting: ((desk: Desk) => void)[] = [];
  readonly #loader: TextLoader;
  #queue: Promise<unknown> = Promise.resolve();

  constructor(
    writer: WriterOptions,
    compression: StreamCompression,
    openTexts: () => Promise<TextSource>,
    send: (message: FromThread) => void,
  ) {
    this.#writer = writer;
    this.#compression = compression;
    this.#send = send;
    for (let i = 0; i < bufferCount; i++) {
      const buffer = new OutputBuffer();
      const renderer = new PageRenderer(writer, buffer);
      this.#free.push({ buffer, renderer });
    }
    this.#loader = new TextLoader(openTexts, (page, revision, slot) =>
      needsText(page, revision, slot, writer),
    );
  }

  /** Resolves when the chunk is rendered (not yet written). */
  render(id: number, bytes: Uint8Array): Promise<void> {
    // Decoded twice: between asking for the texts and having them the records would only be moved by the collector.
    const loading = this.#loader.loadEncoded(bytes);
    // A failure is reported where it is awaited, below; without this it would count as unhandled until then.
    loading.catch(() => undefined);
    const done = this.#queue.then(async () => {
      const texts = await loading;
      const desk = await this.#takeDesk();
      desk.buffer.reset();
      const failed = renderChunk(desk.renderer, this.#writer, bytes, texts);
      texts.release();
      const raw = desk.buffer.bytes(0, desk.buffer.length);
      const packed = compress(raw, this.#compression);
      this.#rendered.set(id, { desk, bytes: packed, rawBytes: raw.length });
      this.#send({ kind: 'rendered', id, failed });
    });
    this.#queue = done.catch(() => undefined);
    return done;
  }

  write(id: number, descriptor: number): void {
    const rendered = this.#rendered.get(id);
    if (!rendered) throw new RangeError(`chunk ${id} is to be written and was never rendered`);
    writeFully(descriptor, rendered.bytes);
    this.#rendered.delete(id);
    this.#giveBack(rendered.desk);
    this.#send({ kind: 'written', id, bytes: rendered.bytes.length, rawBytes: rendered.rawBytes });
  }

  #takeDesk(): Promise<Desk> {
    const desk = this.#free.pop();
    if (desk) return Promise.resolve(desk);
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  #giveBack(desk: Desk): void {
    const next = this.#waiting.shift();
    if (next) next(desk);
    else this.#free.push(desk);
  }
}

/** One independent frame or member a chunk: any reader of the format reads them one after the other. */
export function compress(bytes: Uint8Array, compression: StreamCompression): Uint8Array {
  if (compression === 'none' || bytes.length === 0) return bytes;
  const raw = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return compression === 'gz' ? gzMember(raw, { level: 6 }) : zstFrame(raw).bytes;
}
