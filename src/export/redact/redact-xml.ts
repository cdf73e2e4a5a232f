import type { EscapeMode } from '../kernel/escape-tables.ts';
import { type HiddenParts, redactRevision } from './redact-revision.ts';

/** What is to be hidden in a dump's XML. */
export interface Redaction {
  readonly revisions: ReadonlySet<number>;
  readonly parts: HiddenParts;
}

export interface RedactedXml {
  /** The same buffer where nothing changed. */
  readonly xml: Buffer;
  /** Revisions in question that stand here, and those of them that were changed. */
  readonly found: readonly number[];
  readonly changed: readonly number[];
}

const revisionEnd = Buffer.from('    </revision>\n');

/**
 * Hides parts of revisions in whole elements of a dump's XML, such as a bundle of Rota's. Texts are escaped, so what
 * looks like a revision is one.
 * @throws RangeError for a revision that is not written as Rota writes them
 */
export function redactXml(xml: Buffer, { revisions, parts }: Redaction, mode: EscapeMode): RedactedXml {
  const places: { readonly id: number; readonly at: number; readonly end: number }[] = [];
  for (const id of revisions) {
    const at = xml.indexOf(`    <revision>\n      <id>${id}</id>\n`, 0, 'latin1');
    if (at < 0) continue;
    const end = xml.indexOf(revisionEnd, at);
    if (end < 0) throw new RangeError(`revision ${id} does not end where it begins`);
    places.push({ id, at, end: end + revisionEnd.length });
  }
  places.sort((a, b) => a.at - b.at);
  const kept: Buffer[] = [];
  const changed: number[] = [];
  let from = 0;
  for (const { id, at, end } of places) {
    const revision = xml.subarray(at, end);
    const redacted = redactRevision(revision, parts, mode);
    if (redacted === null) throw new RangeError(`revision ${id} is not written as Rota writes revisions`);
    if (redacted === revision) continue;
    changed.push(id);
    kept.push(xml.subarray(from, at), redacted);
    from = end;
  }
  const found = places.map(({ id }) => id);
  if (changed.length === 0) return { xml, found, changed };
  return { xml: Buffer.concat([...kept, xml.subarray(from)]), found, changed };
}
