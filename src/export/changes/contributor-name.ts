import { escapeContent, toBinary } from '../writer/escape-markup.ts';
import { unescapeXml } from './unescape-xml.ts';

const open = Buffer.from('\n      <contributor>\n        <username');
const idOpen = Buffer.from('\n        <id>');
const lessThan = 0x3c;
const newline = 0x0a;

/** A registered user as a revision names him, unescaped, as an ordinary string. */
export interface PrintedUser {
  readonly id: number;
  readonly name: string;
}

interface Place {
  readonly id: number;
  /** Of the username element. */
  readonly from: number;
  readonly to: number;
}

/** The registered user whom a revision, as the text pass prints it, names as its contributor; null for anybody else. */
export function printedUser(xml: Buffer): PrintedUser | null {
  const place = findUser(xml);
  if (place === null) return null;
  const element = xml.toString('utf8', place.from, place.to);
  const match = /^<username>([^<]*)<\/username>$/.exec(element);
  return { id: place.id, name: match === null ? '' : unescapeXml(match[1] ?? '') };
}

/** The element that says a user's name. */
export function usernameElement(name: string): Buffer {
  const text =
    name === '' ? '<username />' : `<username>${escapeContent(toBinary(name), 'text-pass')}</username>`;
  return Buffer.from(text, 'latin1');
}

/**
 * A revision with the name that its contributor has now; the same bytes where he is not among those renamed.
 * @param names user id to {@link usernameElement}
 */
export function withUserName(xml: Buffer, names: (userId: number) => Buffer | undefined): Buffer {
  const place = findUser(xml);
  const element = place === null ? undefined : names(place.id);
  if (place === null || element === undefined) return xml;
  return Buffer.concat([xml.subarray(0, place.from), element, xml.subarray(place.to)]);
}

/** The first such element is the contributor's: comments and texts come later, and their angles are escaped. */
function findUser(xml: Buffer): Place | null {
  const at = xml.indexOf(open);
  if (at < 0) return null;
  const from = at + open.length - '<username'.length;
  const to = xml.indexOf(newline, from);
  if (to < 0 || idOpen.compare(xml, to, to + idOpen.length) !== 0) return null;
  const end = xml.indexOf(lessThan, to + idOpen.length);
  const id = Number(xml.toString('latin1', to + idOpen.length, end));
  return Number.isSafeInteger(id) && id > 0 ? { id, from, to } : null;
}
