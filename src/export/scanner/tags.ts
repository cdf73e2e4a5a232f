/** The tags that a scan cares about, told apart by the fewest bytes. */
export const tag = {
  other: 0,
  page: 1,
  pageEnd: 2,
  revision: 3,
  revisionEnd: 4,
  logItem: 5,
  logItemEnd: 6,
  id: 7,
  siteinfoEnd: 8,
  mediawikiEnd: 9,
  upload: 10,
} as const;

export type Tag = (typeof tag)[keyof typeof tag];

/** No tag of interest, with the newline after it, is longer. */
export const longestTagBytes = 13;

const spelling = {
  page: Buffer.from('<page>'),
  pageEnd: Buffer.from('</page>'),
  revision: Buffer.from('<revision>'),
  revisionEnd: Buffer.from('</revision>'),
  logItem: Buffer.from('<logitem>'),
  logItemEnd: Buffer.from('</logitem>'),
  id: Buffer.from('<id>'),
  siteinfoEnd: Buffer.from('</siteinfo>'),
  mediawikiEnd: Buffer.from('</mediawiki>'),
  upload: Buffer.from('<upload>'),
} as const;

/** Bytes of each tag, in the order of their numbers. */
export const tagBytes: readonly number[] = [1, ...Object.values(spelling).map((bytes) => bytes.length)];

function matches(bytes: Buffer, at: number, expected: Buffer): boolean {
  for (let i = expected.length - 1; i > 1; i -= 1) if (bytes[at + i] !== expected[i]) return false;
  return true;
}

/** The tag whose `<` stands at the offset. Bytes past the end count as other. */
export function tagAt(bytes: Buffer, at: number): Tag {
  switch (bytes[at + 1]) {
    case 0x69: // i
      return matches(bytes, at, spelling.id) ? tag.id : tag.other;
    case 0x70: // p
      return matches(bytes, at, spelling.page) ? tag.page : tag.other;
    case 0x72: // r
      return matches(bytes, at, spelling.revision) ? tag.revision : tag.other;
    case 0x6c: // l
      return matches(bytes, at, spelling.logItem) ? tag.logItem : tag.other;
    case 0x75: // u
      return matches(bytes, at, spelling.upload) ? tag.upload : tag.other;
    case 0x2f: // a closing tag
      return closingTagAt(bytes, at);
    default:
      return tag.other;
  }
}

function closingTagAt(bytes: Buffer, at: number): Tag {
  switch (bytes[at + 2]) {
    case 0x72:
      return matches(bytes, at, spelling.revisionEnd) ? tag.revisionEnd : tag.other;
    case 0x70:
      return matches(bytes, at, spelling.pageEnd) ? tag.pageEnd : tag.other;
    case 0x6c:
      return matches(bytes, at, spelling.logItemEnd) ? tag.logItemEnd : tag.other;
    case 0x73:
      return matches(bytes, at, spelling.siteinfoEnd) ? tag.siteinfoEnd : tag.other;
    case 0x6d:
      return matches(bytes, at, spelling.mediawikiEnd) ? tag.mediawikiEnd : tag.other;
    default:
      return tag.other;
  }
}
