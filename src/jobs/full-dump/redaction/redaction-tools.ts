import type { Program } from '../../../export/containers/program.ts';
import type { EscapeMode } from '../../../export/kernel/escape-tables.ts';
import type { Redaction } from '../../../export/redact/redact-xml.ts';

/** What rewriting a published file needs. */
export interface RewriteTools {
  readonly redaction: Redaction;
  /** Of every revision in question the page that it is on. */
  readonly pages: ReadonlyMap<number, number>;
  /** The profile of files with texts, where they do not show it themselves. */
  readonly profile: EscapeMode;
  readonly searchPath: string;
  /** Null where neither lbzip2 nor bzip2 is installed. */
  readonly bz2: Program | null;
  readonly threads: number;
  readonly signal: AbortSignal;
}

/** The profile in which XML was written: its empty elements differ, and texts cannot hold them. */
export function profileOf(xml: Buffer, otherwise: EscapeMode): EscapeMode {
  const has = (markup: string) => xml.includes(markup, 0, 'latin1');
  if (has('      <minor />\n') || has('      <sha1 />\n')) return 'text-pass';
  return has('      <minor/>\n') || has('      <sha1/>\n') ? 'one-pass' : otherwise;
}
