const lessThan = 0x3c;
const greaterThan = 0x3e;
const slash = 0x2f;
/** Longer tags are none: a title's redirect is the longest. */
const longestTag = 4096;

/** What every revision has, whatever of it is hidden. */
const needed = ['timestamp', 'contributor', 'text'];

/**
 * Whether every element that begins in a revision ends in it, in order, with everything there that a revision has: what
 * is made of the halves of two is not whole, wherever the border is, but for inside of texts.
 */
export function isWholeRevision(xml: Buffer): boolean {
  const open: string[] = [];
  const seen: string[] = [];
  for (let at = xml.indexOf(lessThan); at >= 0; ) {
    const next = xml.indexOf(lessThan, at + 1);
    const end = xml.indexOf(greaterThan, at);
    if (end < 0 || end - at > longestTag || (next >= 0 && next < end)) return false;
    const isEnd = xml[at + 1] === slash;
    const isEmpty = xml[end - 1] === slash;
    const [name = ''] = /^[\w:-]*/.exec(xml.toString('latin1', at + (isEnd ? 2 : 1), end)) ?? [];
    if (name === '') return false;
    if (isEnd && open.pop() !== name) return false;
    if (!isEnd && !isEmpty) open.push(name);
    if (!isEnd && needed.includes(name)) seen.push(name);
    at = next;
  }
  const isOnce = seen.filter((name) => name === 'timestamp').length === 1;
  return open.length === 0 && isOnce && needed.every((name) => seen.includes(name));
}
