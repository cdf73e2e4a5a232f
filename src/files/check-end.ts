import { RotaError } from '../core/errors/rota-error.ts';
import { findFooter, footerSpanBytes } from '../export/containers/bz2/layout.ts';
import { FileWindow } from '../export/containers/file-window.ts';
import { openAccess } from '../export/containers/random/open-access.ts';
import type { ContainerFormat } from '../export/containers/read/container.ts';
import type { DumpSource } from './dump-source.ts';
import { partialMark } from './partial-mark.ts';

export interface EndReport {
  readonly file: string;
  readonly ok: boolean;
  readonly partial: boolean;
  readonly format: ContainerFormat;
  /** What is wrong; null when nothing is. */
  readonly what: string | null;
  readonly bytesRead: number;
}

const tailBytes = 512;

/**
 * Looks at a file's end only: that a truncated download shows at once. Says nothing of what stands before.
 * @throws RotaError USAGE, where the file must be read from its start
 */
export async function checkEnd(source: DumpSource): Promise<EndReport> {
  await using access = source.path === null ? null : await openAccess({ ...source, path: source.path });
  if (access === null || source.path === null) {
    throw new RotaError(
      'USAGE',
      `${source.name} (${source.format}) can only be read from its start: leave out --end.`,
    );
  }
  let bytes = Buffer.alloc(0);
  for (let position = access.end; bytes.length < tailBytes; ) {
    const block = await access.lastBefore(position);
    if (block === null) break;
    bytes = Buffer.concat([block.raw.subarray(-tailBytes), bytes]);
    position = block.position;
  }
  const tail = bytes.toString('latin1');
  const isClosed = tail.trimEnd().endsWith('</mediawiki>');
  const hasFooter = source.format !== 'bz2' || (await endsStream(source.path));
  const what = !hasFooter
    ? 'the last bz2 stream has no end'
    : isClosed
      ? null
      : 'the XML does not end with </mediawiki>';
  return {
    file: source.name,
    ok: what === null,
    partial: tail.includes(partialMark),
    format: source.format,
    what,
    bytesRead: access.bytesRead,
  };
}

async function endsStream(path: string): Promise<boolean> {
  await using file = await FileWindow.open(path);
  return findFooter(await file.read(Math.max(0, file.size - footerSpanBytes), footerSpanBytes)) !== null;
}
