/**
 * The multistream form of a dump: a bz2 stream with the XML's head (through `</siteinfo>` and its newline), streams of
 * at most 100 whole pages, a stream with `</mediawiki>`; beside it an index of lines `offset:pageid:title`, where the
 * offset is that of the page's stream and the title stands as in the XML, still escaped.
 */
import type { BinaryString } from '../../../mediawiki/record/revision-record.ts';

export const multistreamPages = 100;

export interface IndexedPage {
  readonly id: number;
  /** As in the XML: escaped, one character a byte. */
  readonly title: BinaryString;
}

/** The index lines of one stream's pages; the offset may be relative to a piece, see `moveIndex`. */
export function indexLines(offset: number, pages: readonly IndexedPage[]): Buffer {
  let lines = '';
  for (const page of pages) lines += `${offset}:${page.id}:${page.title}\n`;
  return Buffer.from(lines, 'latin1');
}

/**
 * The lines of a piece's index with their offsets moved to where the piece stands in the whole file.
 * @param lines whole lines
 */
export function moveIndex(lines: Buffer, by: number): Buffer {
  if (by === 0) return lines;
  let moved = '';
  for (let start = 0; start < lines.length; ) {
    const colon = lines.indexOf(0x3a, start);
    const newline = lines.indexOf(0x0a, colon);
    const end = newline < 0 ? lines.length : newline + 1;
    moved += Number(lines.toString('latin1', start, colon)) + by + lines.toString('latin1', colon, end);
    start = end;
  }
  return Buffer.from(moved, 'latin1');
}

/** One entry of an index. */
export interface IndexEntry extends IndexedPage {
  readonly offset: number;
}

/** Reads one line (with or without its newline); titles may hold colons. Null for what is not such a line. */
export function parseIndexLine(line: string): IndexEntry | null {
  const match = /^(\d+):(\d+):(.+?)\n?$/s.exec(line);
  if (match?.[3] === undefined) return null;
  return { offset: Number(match[1]), id: Number(match[2]), title: match[3] };
}

/** Puts streams one behind the other and makes the index as it goes. */
export class MultistreamWriter {
  #offset: number;

  /** @param offset where the first stream will stand: 0 for a file or for a piece of one */
  constructor(offset = 0) {
    this.#offset = offset;
  }

  /** Where the next stream will stand. */
  get offset(): number {
    return this.#offset;
  }

  /**
   * @param stream or its length
   * @returns the index lines of the stream that the caller now writes; empty for head and foot
   */
  add(stream: Buffer | number, pages: readonly IndexedPage[]): Buffer {
    const lines = indexLines(this.#offset, pages);
    this.#offset += typeof stream === 'number' ? stream : stream.length;
    return lines;
  }
}
