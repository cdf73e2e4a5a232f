import { crc32, inflateRawSync } from 'node:zlib';
import type { FileWindow } from '../file-window.ts';
import { damaged } from '../read/container.ts';

export interface GzMember {
  /** The member as it lies in the file; a view, valid until the next is asked for. */
  readonly bytes: Buffer;
  readonly raw: Buffer;
}

/** Header without optional fields, and behind the data CRC and length: as {@link file://./members.ts} writes them. */
const headerBytes = 10;
const trailerBytes = 8;
const windowBytes = 2 << 20;

/**
 * The members of a gzip file of Rota's, each checked by its CRC. Memory: the largest member, compressed and raw.
 * @throws RotaError ARCHIVE_DAMAGED
 */
export async function* gzMembers(file: FileWindow): AsyncGenerator<GzMember, void, void> {
  let rawOffset = 0;
  for (let at = 0; at < file.size; ) {
    const member = await memberAt(file, at, rawOffset);
    yield member;
    at += member.bytes.length;
    rawOffset += member.raw.length;
  }
}

async function memberAt(file: FileWindow, at: number, rawOffset: number): Promise<GzMember> {
  const { path, size } = file;
  const fault = (what: string, cause?: unknown) =>
    damaged({ path, fileBytes: size }, { fileOffset: at, rawOffset }, what, cause);
  for (let length = windowBytes; ; length *= 2) {
    const bytes = await file.read(at, length);
    if (bytes[0] !== 0x1f || bytes[1] !== 0x8b || bytes[2] !== 8 || bytes[3] !== 0) {
      throw fault('what stands there is no gzip member as Rota writes them');
    }
    const inflated = inflate(bytes.subarray(headerBytes));
    const end = headerBytes + ('raw' in inflated ? inflated.used : 0) + trailerBytes;
    if ('raw' in inflated && end <= bytes.length) {
      const { raw } = inflated;
      const isSound =
        bytes.readUInt32LE(end - 8) === crc32(raw) && bytes.readUInt32LE(end - 4) === raw.length >>> 0;
      if (!isSound) throw fault('a gzip member fails its checksum');
      return { bytes: bytes.subarray(0, end), raw };
    }
    if (at + bytes.length < size) continue;
    throw fault('a gzip member cannot be read', 'error' in inflated ? inflated.error : undefined);
  }
}

/** zlib stops where the data ends, whatever follows. */
function inflate(
  data: Buffer,
  maxOutputLength?: number,
): { readonly raw: Buffer; readonly used: number } | { readonly error: unknown } {
  try {
    const { buffer, engine } = inflateRawSync(data, {
      info: true,
      ...(maxOutputLength === undefined ? {} : { maxOutputLength }),
    }) as unknown as {
      readonly buffer: Buffer;
      readonly engine: { readonly bytesWritten: number };
    };
    return { raw: buffer, used: engine.bytesWritten };
  } catch (error) {
    return { error };
  }
}

/** The first bytes of a member without optional fields. */
export const gzMemberMagic: Buffer = Buffer.from([0x1f, 0x8b, 8, 0]);
const longestMember = 64 << 20;
const longestContent = 1 << 29;

/**
 * The member at a place of a damaged file; `cut` where the file ends within it, `damaged` where none stands there, or one that
 * its checksum does not prove, or above 64 MiB.
 */
export async function soundGzMember(file: FileWindow, at: number): Promise<GzMember | 'cut' | 'damaged'> {
  for (let length = windowBytes; ; length *= 2) {
    const bytes = await file.read(at, length);
    if (!bytes.subarray(0, gzMemberMagic.length).equals(gzMemberMagic)) return 'damaged';
    const inflated = inflate(bytes.subarray(headerBytes), longestContent);
    const end = headerBytes + ('raw' in inflated ? inflated.used : 0) + trailerBytes;
    if ('raw' in inflated && end <= bytes.length) {
      const { raw } = inflated;
      const isSound =
        bytes.readUInt32LE(end - 8) === crc32(raw) && bytes.readUInt32LE(end - 4) === raw.length >>> 0;
      return isSound ? { bytes: bytes.subarray(0, end), raw } : 'damaged';
    }
    const isCut = 'raw' in inflated || (inflated.error as { readonly code?: unknown }).code === 'Z_BUF_ERROR';
    if (!isCut || length >= longestMember) return 'damaged';
    if (at + bytes.length >= file.size) return 'cut';
  }
}
