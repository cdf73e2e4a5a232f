const openText = Buffer.from('<text ');
const closeText = Buffer.from('</text>');
const closed = Buffer.from(' />');
const greaterThan = 0x3e;

/**
 * A revision printed anew, with the texts that it had: `xml` has none, `before` is the revision as a dump printed it.
 * A text that is hidden now stays out; a text that was not printed before (empty, unreadable) is not there now either.
 */
export function withTexts(xml: Buffer, before: Buffer): Buffer {
  const out: Buffer[] = [];
  let from = 0;
  let beforeAt = 0;
  for (let open = xml.indexOf(openText); open >= 0; open = xml.indexOf(openText, from)) {
    const end = xml.indexOf(greaterThan, open) + 1;
    const tag = xml.subarray(open, end);
    const text = textAfter(before, beforeAt);
    beforeAt = text.end;
    const isHidden = tag.includes(' deleted="deleted"');
    if (text.content === null || isHidden || !tag.subarray(-closed.length).equals(closed)) {
      out.push(xml.subarray(from, end));
    } else {
      out.push(
        xml.subarray(from, end - closed.length),
        Buffer.from(' xml:space="preserve">'),
        text.content,
        closeText,
      );
    }
    from = end;
  }
  out.push(xml.subarray(from));
  return Buffer.concat(out);
}

/** The next text element: what stands in it, still escaped; null where it closes itself. */
function textAfter(xml: Buffer, at: number): { readonly content: Buffer | null; readonly end: number } {
  const open = xml.indexOf(openText, at);
  if (open < 0) return { content: null, end: xml.length };
  const end = xml.indexOf(greaterThan, open) + 1;
  if (xml[end - 2] === 0x2f) return { content: null, end };
  const close = xml.indexOf(closeText, end);
  if (close < 0) return { content: null, end };
  return { content: xml.subarray(end, close), end: close + closeText.length };
}
