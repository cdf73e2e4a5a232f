import type { PagePart, RecordChunk } from '../../mediawiki/record/page-part.ts';
import type {
  PageRecord,
  RevisionProblem,
  RevisionRecord,
  SlotRecord,
  UploadRecord,
} from '../../mediawiki/record/revision-record.ts';
import { ByteReader } from './byte-reader.ts';
import { ByteWriter } from './byte-writer.ts';

/**
 * A chunk of metadata as bytes: what the spool stores and what goes from the reading thread to the rendering ones.
 * Raised when the layout changes; a spool of another version is made anew.
 */
export const chunkFormatVersion = 1;

const pageFlag = { first: 1, last: 2, redirect: 4, redirectRow: 8, uploads: 16 } as const;
const revisionFlag = { minor: 1, sizeKnown: 2 } as const;

/** Encodes chunks one after another into a reused buffer. */
export class ChunkEncoder {
  readonly #out = new ByteWriter(1 << 20);

  encode(chunk: RecordChunk): Buffer<ArrayBuffer> {
    const out = this.#out;
    out.number(chunk.parts.length);
    out.number(chunk.revisionCount);
    out.number(chunk.contentBytes);
    for (const part of chunk.parts) writePart(out, part);
    return out.take();
  }
}

export function decodeChunk(bytes: Uint8Array): RecordChunk {
  const reader = new ByteReader(bytes);
  const partCount = reader.number();
  const revisionCount = reader.number();
  const contentBytes = reader.number();
  const parts: PagePart[] = [];
  for (let i = 0; i < partCount; i++) parts.push(readPart(reader));
  if (!reader.done) throw new RangeError('bytes are left after the last page of the chunk');
  return { parts, revisionCount, contentBytes };
}

function writePart(out: ByteWriter, part: PagePart): void {
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
  out.number(part.revisions.length);
  let previousId = 0;
  for (const revision of part.revisions) {
    writeRevision(out, revision, previousId);
    previousId = revision.id;
  }
  // Rare and few: JSON keeps binary strings as they are.
  if (part.uploads) out.string(Buffer.from(JSON.stringify(part.uploads)).toString('latin1'));
}

function readPart(reader: ByteReader): PagePart {
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
  const count = reader.number();
  const revisions: RevisionRecord[] = [];
  let previousId = 0;
  for (let i = 0; i < count; i++) {
    const revision = readRevision(reader, previousId);
    revisions.push(revision);
    previousId = revision.id;
  }
  const part = {
    page,
    isFirst: (flags & pageFlag.first) !== 0,
    isLast: (flags & pageFlag.last) !== 0,
    revisions,
  };
  if (!(flags & pageFlag.uploads)) return part;
  const uploads = JSON.parse(Buffer.from(reader.string(), 'latin1').toString('utf8')) as UploadRecord[];
  return { ...part, uploads };
}

function writeRevision(out: ByteWriter, revision: RevisionRecord, previousId: number): void {
  out.number(
    (revision.isMinor ? revisionFlag.minor : 0) | (revision.sizeBytes !== null ? revisionFlag.sizeKnown : 0),
  );
  // Ascending within a page, so the step is small and never negative.
  out.number(revision.id - previousId);
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

function readRevision(reader: ByteReader, previousId: number): RevisionRecord {
  const flags = reader.number();
  const id = previousId + reader.number();
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
