import type { EscapeMode } from '../kernel/escape-tables.ts';

/** What of a revision is taken out: the parts that a wiki hides one by one (rev_deleted). */
export interface HiddenParts {
  readonly text: boolean;
  readonly comment: boolean;
  readonly user: boolean;
}

const openText = Buffer.from('<text ');
const closeText = Buffer.from('</text>');
const hash = Buffer.from('      <sha1');
const hiddenText = Buffer.from('<text deleted="deleted" />');
const hiddenContributor = '      <contributor deleted="deleted" />\n';
const hiddenComment = '      <comment deleted="deleted" />\n';
/** Contents are escaped: the first `<` in an element is that of its end. */
const headPattern =
  /^( {4}<revision>\n(?: {6}<(?:id|parentid|timestamp)>[^<]*<\/[a-z]+>\n)*)( {6}<contributor(?: deleted="deleted" \/>|>.*?<\/contributor>)\n)( {6}<minor ?\/>\n)?( {6}<comment(?: deleted="deleted" \/>| ?\/>|>[^<]*<\/comment>)\n)?/s;

/**
 * A revision's element as it would have been written, had the parts been hidden in the wiki. In a dump with texts
 * the text, its size and its hash go; in stubs the same, and where it lies.
 * @param revision from the blanks before `<revision>` to the newline behind `</revision>`, as Rota writes it
 * @param mode the profile in which it was written
 * @returns the same buffer where nothing was to be hidden any more; null for what is no such element
 */
export function redactRevision(revision: Buffer, parts: HiddenParts, mode: EscapeMode): Buffer | null {
  const textAt = revision.indexOf(openText);
  const head = textAt < 0 ? null : redactHead(revision.toString('latin1', 0, textAt), parts);
  if (head === null) return null;
  const tail = parts.text ? hideTexts(revision.subarray(textAt), mode) : revision.subarray(textAt);
  if (tail === null) return null;
  const redacted = Buffer.concat([Buffer.from(head, 'latin1'), tail]);
  return redacted.equals(revision) ? revision : redacted;
}

function redactHead(head: string, parts: HiddenParts): string | null {
  const match = headPattern.exec(head);
  if (match === null) return null;
  const [whole, before = '', contributor = '', minor = '', comment = ''] = match;
  return [
    before,
    parts.user ? hiddenContributor : contributor,
    minor,
    parts.comment ? hiddenComment : comment,
    head.slice(whole.length),
  ].join('');
}

/** From the first text on: those of all slots, and the hash over them. */
function hideTexts(bytes: Buffer, mode: EscapeMode): Buffer | null {
  const kept: Buffer[] = [];
  let from = 0;
  for (let at = bytes.indexOf(openText); at >= 0; at = bytes.indexOf(openText, from)) {
    kept.push(bytes.subarray(from, at), hiddenText);
    const tagEnd = bytes.indexOf('>', at);
    const isEmpty = bytes[tagEnd - 1] === 0x2f;
    const end = isEmpty ? tagEnd + 1 : bytes.indexOf(closeText, tagEnd) + closeText.length;
    if (tagEnd < 0 || end < tagEnd) return null;
    from = end;
  }
  const hashAt = bytes.indexOf(hash, from);
  const hashEnd = hashAt < 0 ? -1 : bytes.indexOf('\n', hashAt);
  if (hashEnd < 0) return null;
  kept.push(bytes.subarray(from, hashAt));
  kept.push(Buffer.from(mode === 'one-pass' ? '      <sha1/>' : '      <sha1 />'), bytes.subarray(hashEnd));
  return Buffer.concat(kept);
}
