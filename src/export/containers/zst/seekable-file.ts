import { type FileHandle, open } from 'node:fs/promises';
import { RotaError, toRotaError } from '../../../core/errors/rota-error.ts';
import { readZstFrame } from './frame.ts';
import { type SeekEntry, SeekTable, seekFooterBytes, seekTableBytes } from './seek-table.ts';

/** Reads single frames of a seekable zst file. Memory: 16 bytes a frame, and the frame being read. */
export class SeekableFile implements AsyncDisposable {
  readonly path: string;
  readonly table: SeekTable;
  readonly #file: FileHandle;

  private constructor(path: string, file: FileHandle, table: SeekTable) {
    this.path = path;
    this.#file = file;
    this.table = table;
  }

  /** @throws RotaError FILE_UNREADABLE, SEEK_TABLE_INVALID */
  static async open(path: string): Promise<SeekableFile> {
    const file = await open(path).catch((error: unknown) => {
      throw toRotaError(
        error,
        'FILE_UNREADABLE',
        (cause) => `${path} cannot be opened (${cause}); check its name and rights.`,
      );
    });
    try {
      return new SeekableFile(path, file, await readTable(path, file));
    } catch (error) {
      await file.close();
      throw error;
    }
  }

  /** The content of the frame that holds a byte of the decompressed file, and where it stands; null past the end. */
  async readAt(rawOffset: number): Promise<{ readonly entry: SeekEntry; readonly raw: Buffer } | null> {
    const frame = this.table.frameAt(rawOffset);
    if (frame === null) return null;
    const entry = this.table.entry(frame);
    const bytes = await readExactly(this.#file, this.path, entry.offset, entry.bytes);
    const raw = readZstFrame(bytes, entry.rawBytes);
    if (raw.length !== entry.rawBytes) throw invalid(this.path, 'its lengths are not those of the frames');
    return { entry, raw };
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#file.close();
  }
}

async function readTable(path: string, file: FileHandle): Promise<SeekTable> {
  const { size } = await file.stat();
  const footerBytes = Math.min(size, seekFooterBytes);
  const footer = await readExactly(file, path, size - footerBytes, footerBytes);
  const length = seekTableBytes(footer);
  if (length === null || length > size) throw invalid(path, 'there is none at its end');
  const table = new SeekTable(await readExactly(file, path, size - length, length));
  if (table.bytes !== size - length) throw invalid(path, 'its lengths do not add up to that of the file');
  return table;
}

async function readExactly(file: FileHandle, path: string, offset: number, length: number): Promise<Buffer> {
  const bytes = Buffer.allocUnsafe(length);
  let done = 0;
  while (done < length) {
    const { bytesRead } = await file.read(bytes, done, length - done, offset + done);
    if (bytesRead === 0) throw invalid(path, `the file ends at ${offset + done}, inside what it lists`);
    done += bytesRead;
  }
  return bytes;
}

function invalid(path: string, what: string): RotaError {
  return new RotaError(
    'SEEK_TABLE_INVALID',
    `${path} has no usable seek table: ${what}; read it from its start.`,
    {
      facts: { path },
    },
  );
}
