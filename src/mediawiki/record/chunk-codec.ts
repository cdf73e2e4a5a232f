import { ByteReader } from './byte-reader.ts';
import { ByteWriter } from './byte-writer.ts';
import type { EncodedChunk, PagePart, RecordChunk } from './page-part.ts';
import type {
  PageRecord,
  RevisionProblem,
  RevisionRecord,
  SlotRecord,
  UploadRecord,
} from './revision-record.ts';

/**
 * A chunk of metadata as bytes: what the spool stores and what goes from the reading thread to the rendering ones.
 * Raised when the layout changes; a spool of another version is made anew.
 */
export const chunkFormatVersion = 2;

const pageFlag = { first: 1, last: 2, redirect: 4, redirectRow: 8, uploads: 16 } as const;
export const revisionFlag = { minor: 1, sizeKnown: 2 } as const;

/** A chunk's records as bytes. Readers write them straight from database rows (ChunkBuilder); this is for changed ones. */
export function encodeChunk(chunk: RecordChunk): EncodedChunk {
  const out = new ByteWriter(1 << 20);
  encodeChunkHead(out, chunk.parts.length, chunk);
  for (const part of chunk.parts) {
    encodePartHead(out, part, part.revisions.length);
    for (const revision of part.revisions) encodeRevision(out, revision);
    // Rare and few: JSON keeps binary strings as they are.
    if (part.uploads) out.string(Buffer.from(JSON.stringify(part.uploads)).toString('latin1'));
  }
  const { revisionCount, contentBytes, parts } = chunk;
  return {
    bytes: out.take(),
    revisionCount,
    contentBytes,
    pageCount: parts.filter((part) => part.isFirst).length,
    firstPageId: parts[0]?.page.id ?? 0,
    lastPageId: parts.at(-1)?.page.id ?? 0,
    endsPage: parts.at(-1)?.isLast ?? true,
  };
}

export function encodeChunkHead(
  out: ByteWriter,
  partCount: number,
  totals: { readonly revisionCount: number; readonly contentBytes: number },
): void {
  out.number(partCount);
  out.number(totals.revisionCount);
  out.number(totals.contentBytes);
}

/** Is told of a chunk's pages and revisions in their order; what it does not keep is gone with the next. */
export interface ChunkVisitor {
  begin(part: Omit<PagePart, 'revisions' | 'uploads'>): void;
  revision(page: PageRecord, revision: RevisionRecord): void;
  /** @param uploads of the part that was begun last; undefined where it has none */
  end(uploads: readonly UploadRecord[] | undefined): void;
}

/**
 * Reads a chunk without holding its records together: those of a thousand revisions would each be moved by the collector.
 * @throws RangeError when the bytes are not a chunk
 */
export function walkChunk(bytes: Uint8Array, visitor: ChunkVisitor): Omit<RecordChunk, 'parts'> {
  const reader = new ByteReader(bytes);
  const partCount = reader.number();
  const revisionCount = reader.number();
  const contentBytes = reader.number();
  for (let i = 0; i < partCount; i++) walkPart(reader, visitor);
  if (!reader.done) throw new RangeError('bytes are left after the last page of the chunk');
  return { revisionCount, contentBytes };
}

export function decodeChunk(bytes: Uint8Array): RecordChunk {
  const parts: PagePart[] = [];
  let revisions: RevisionRecord[] = [];
  let head: Omit<PagePart, 'revisions' | 'uploads'> | null = null;
  const totals = walkChunk(bytes, {
    begin: (part) => {
      head = part;
      revisions = [];
    },
    revision: (_page, revision) => revisions.push(revision),
    end: (uploads) => {
      if (head !== null) parts.push({ ...head, revisions, ...(uploads === undefined ? {} : { uploads }) });
    },
  });
  return { parts, ...totals };
}

/** What stands before a part's revisions. */
export function encodePartHead(
  out: ByteWriter,
  part: Omit<PagePart, 'revisions'>,
  revisionCount: number,
): void {
  const { page } = part;
  out.number(
    (part.isFirst ? pageFlag.first : 0) |
      (part.isLast ? pageFlag.last : 0) |
      (page.isRedirect ? pageFlag.redirect : 0) |
      (page.redirect ? pageFlag.redirectRow : 0) |
      (part.uploads ? pageFlag.uploads : 0),
  );
  out.number(page.id);
  writeSigned(out, page.namespace);
  out.string(page.title);
  out.number(page.latestRevisionId);
  if (page.redirect) {
    writeSigned(out, page.redirect.namespace);
    out.string(page.redirect.title);
    out.string(page.redirect.interwiki);
  }
  out.number(revisionCount);
}

function walkPart(reader: ByteReader, visitor: ChunkVisitor): void {
  const flags = reader.number();
  const id = reader.number();
  const namespace = readSigned(reader);
  const title = reader.string();
  const latestRevisionId = reader.number();
  const redirect =
    flags & pageFlag.redirectRow
      ? { namespace: readSigned(reader), title: reader.string(), interwiki: reader.string() }
      : null;
  const page: PageRecord = {
    id,
    namespace,
    title,
    isRedirect: (flags & pageFlag.redirect) !== 0,
    latestRevisionId,
    redirect,
  };
  visitor.begin({ page, isFirst: (flags & pageFlag.first) !== 0, isLast: (flags & pageFlag.last) !== 0 });
  const count = reader.number();
  for (let i = 0; i < count; i++) visitor.revision(page, decodeRevision(reader));
  visitor.end(flags & pageFlag.uploads ? readUploads(reader) : undefined);
}

const readUploads = (reader: ByteReader): UploadRecord[] =>
  JSON.parse(Buffer.from(reader.string(), 'latin1').toString('utf8')) as UploadRecord[];

export function encodeRevision(out: ByteWriter, revision: RevisionRecord): void {
  out.number(
    (revision.isMinor ? revisionFlag.minor : 0) | (revision.sizeBytes !== null ? revisionFlag.sizeKnown : 0),
  );
  out.number(revision.id);
  out.number(revision.parentId);
  out.string(revision.timestamp);
  out.number(revision.deleted);
  if (revision.sizeBytes !== null) out.number(revision.sizeBytes);
  out.string(revision.sha1);
  out.number(revision.userId);
  out.string(revision.userName);
  out.string(revision.comment);
  out.number(revision.slots.length);
  for (const slot of revision.slots) {
    out.string(slot.role);
    out.number(slot.originRevisionId);
    out.string(slot.model);
    out.number(slot.sizeBytes);
    // Nearly always the same as the revision's: then one byte instead of 32.
    const same = slot.sha1 === revision.sha1;
    out.number(same ? 0 : 1);
    if (!same) out.string(slot.sha1);
    out.string(slot.address);
  }
  out.number(revision.problems.length);
  for (const problem of revision.problems) out.string(problem);
}

export function decodeRevision(reader: ByteReader): RevisionRecord {
  const flags = reader.number();
  const id = reader.number();
  const parentId = reader.number();
  const timestamp = reader.string();
  const deleted = reader.number();
  const sizeBytes = flags & revisionFlag.sizeKnown ? reader.number() : null;
  const sha1 = reader.string();
  const userId = reader.number();
  const userName = reader.string();
  const comment = reader.string();
  const slotCount = reader.number();
  const slots: SlotRecord[] = [];
  for (let i = 0; i < slotCount; i++) {
    const role = reader.string();
    const originRevisionId = reader.number();
    const model = reader.string();
    const slotBytes = reader.number();
    const slotSha1 = reader.number() === 0 ? sha1 : reader.string();
    const address = reader.string();
    slots.push({
      role,
      originRevisionId,
      model,
      sizeBytes: slotBytes,
      sha1: slotSha1,
      address,
    });
  }
  const problemCount = reader.number();
  const problems: RevisionProblem[] = [];
  for (let i = 0; i < problemCount; i++) problems.push(reader.string() as RevisionProblem);
  return {
    id,
    parentId,
    timestamp,
    isMinor: (flags & revisionFlag.minor) !== 0,
    deleted,
    sizeBytes,
    sha1,
    userId,
    userName,
    comment,
    slots,
    problems,
  };
}

/** Namespaces are small and may be negative (Media, Special in broken redirects): zigzag. */
function writeSigned(out: ByteWriter, value: number): void {
  out.number(value < 0 ? -2 * value - 1 : 2 * value);
}

function readSigned(reader: ByteReader): number {
  const value = reader.number();
  return value % 2 === 1 ? -(value + 1) / 2 : value / 2;
}
