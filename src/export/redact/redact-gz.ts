import { FileWindow } from '../containers/file-window.ts';
import { gzMembers } from '../containers/gz/member-reader.ts';
import { gzMember } from '../containers/gz/members.ts';
import type { EscapeMode } from '../kernel/escape-tables.ts';
import { type Redaction, redactXml } from './redact-xml.ts';

export interface RewrittenXml {
  /** Revisions in which something was hidden. */
  readonly changed: readonly number[];
  /** How much longer the XML became; below zero when it became shorter. */
  readonly rawDelta: number;
}

/** gzip's own default, as the files were written. */
const level = 6;

/**
 * Writes a gzip file of Rota's once more with parts of revisions hidden: only members that hold such a revision are
 * compressed anew.
 * Memory: one member.
 */
export async function redactGz(
  path: string,
  write: (bytes: Buffer) => Promise<void>,
  options: { readonly redaction: Redaction; readonly mode: EscapeMode; readonly signal: AbortSignal },
): Promise<RewrittenXml> {
  await using file = await FileWindow.open(path);
  const changed: number[] = [];
  let rawDelta = 0;
  for await (const { bytes, raw } of gzMembers(file)) {
    options.signal.throwIfAborted();
    const redacted = redactXml(raw, options.redaction, options.mode);
    changed.push(...redacted.changed);
    rawDelta += redacted.xml.length - raw.length;
    await write(redacted.xml === raw ? bytes : gzMember(redacted.xml, { level }));
  }
  return { changed, rawDelta };
}
