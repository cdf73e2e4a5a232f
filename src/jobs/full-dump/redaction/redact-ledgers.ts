import { RotaError } from '../../../core/errors/rota-error.ts';
import { openContainer, rawBytes } from '../../../export/containers/read/open-container.ts';
import { LedgerEncoder } from '../../../export/ledger/ledger-encoder.ts';
import {
  type LedgerDetails,
  type LedgerEntry,
  revisionDigestBytes,
} from '../../../export/ledger/ledger-format.ts';
import { PageDigest } from '../../../export/ledger/page-digest.ts';
import { openLedger } from '../../../export/ledger/read-ledger.ts';
import { noPrint } from '../../../mediawiki/record/page-print.ts';
import type { FileDigest } from '../../../publish/files/file-digest.ts';
import { HashingFileWriter } from '../../../publish/files/hashing-file-writer.ts';
import { indexLines } from '../carry/index-reader.ts';
import { BundleFile } from './bundle-file.ts';
import type { BundledSource } from './redact-bundles.ts';
import type { RewriteTools } from './redaction-tools.ts';

/** What a ledger says of a page after parts of it were hidden. */
export interface NewPageDigests {
  readonly digest: Buffer;
  /** Of its revisions in question. */
  readonly revisions: ReadonlyMap<number, Buffer>;
}

/**
 * Digests of the pages with revisions in question, taken of a redacted history.
 * Memory: one bundle.
 * @param parts the history's files (one, or its parts) in one format
 */
export async function digestRedactedPages(
  parts: readonly BundledSource[],
  tools: RewriteTools,
): Promise<ReadonlyMap<number, NewPageDigests>> {
  const pages = new Map<number, { readonly digest: PageDigest; readonly revisions: Map<number, Buffer> }>();
  for (const page of tools.pages.values())
    pages.set(page, { digest: new PageDigest(), revisions: new Map() });
  const digests = new Map<number, NewPageDigests>();
  for (const part of parts) {
    await using file = await BundleFile.open(part.path, part.format);
    const { searchPath, signal } = tools;
    for await (const line of indexLines({ path: part.indexPath, searchPath, signal })) {
      const here = [...pages].filter(([page]) => page >= line.firstPage && page <= line.lastPage);
      if (here.length === 0) continue;
      signal.throwIfAborted();
      const raw = await file.readRaw(line);
      for (const [page, found] of here) {
        const { xml, ends } = pageIn(raw, page, line.firstPage);
        found.digest.add(xml);
        for (const id of tools.redaction.revisions) {
          const revision = revisionIn(xml, id);
          if (revision !== null) found.revisions.set(id, shortDigest(revision));
        }
        if (ends) digests.set(page, { digest: found.digest.finish(), revisions: found.revisions });
      }
    }
  }
  return digests;
}

/** What of the page is in a bundle; nothing where it lies between pages of the bundle and was deleted. */
function pageIn(
  raw: Buffer,
  page: number,
  firstPage: number,
): { readonly xml: Buffer; readonly ends: boolean } {
  const begin = pageStart(raw, page);
  const start = begin ?? (page === firstPage ? 0 : null);
  if (start === null) return { xml: Buffer.alloc(0), ends: false };
  const end = raw.indexOf(pageEnd, start);
  return { xml: raw.subarray(start, end < 0 ? raw.length : end + pageEnd.length), ends: end >= 0 };
}

const pageOpen = Buffer.from('  <page>\n');
const pageEnd = Buffer.from('  </page>\n');

function pageStart(raw: Buffer, page: number): number | null {
  for (let at = raw.indexOf(pageOpen); at >= 0; at = raw.indexOf(pageOpen, at + pageOpen.length)) {
    const idAt = raw.indexOf('    <id>', at, 'latin1');
    const id = `    <id>${page}</id>\n`;
    if (idAt >= 0 && raw.toString('latin1', idAt, idAt + id.length) === id) return at;
  }
  return null;
}

function revisionIn(xml: Buffer, id: number): Buffer | null {
  const start = xml.indexOf(`    <revision>\n      <id>${id}</id>\n`, 0, 'latin1');
  if (start < 0) return null;
  const close = '    </revision>\n';
  return xml.subarray(start, xml.indexOf(close, start, 'latin1') + close.length);
}

/** As the ledger with revisions has it: of the element with its texts taken out. */
function shortDigest(revision: Buffer): Buffer {
  const digest = new PageDigest();
  digest.add(revision);
  return digest.finish().subarray(0, revisionDigestBytes);
}

/**
 * Writes a ledger once more with the pages' new digests.
 * @returns null where the ledger says all of it already; the new file is removed then
 */
export async function redactLedger(
  source: string,
  target: string,
  digests: ReadonlyMap<number, NewPageDigests>,
  tools: RewriteTools,
): Promise<FileDigest | null> {
  const { searchPath, signal } = tools;
  const ledger = await openLedger(rawBytes(await openContainer(source, { searchPath, signal })), source);
  const encoder = new LedgerEncoder(ledger.head);
  let isChanged = false;
  await using writer = await HashingFileWriter.create(target);
  const write = async (frame: Buffer | null) => {
    if (frame !== null) await writer.write(frame);
  };
  for await (const user of ledger.users()) await write(encoder.addUser(user));
  if (ledger.head.users === true) encoder.endUsers();
  for await (const entry of ledger.entries()) {
    const digest = digests.get(entry.pageId);
    const now = digest === undefined ? entry : redactEntry(entry, digest, tools);
    isChanged ||= now !== entry;
    await write(encoder.add(now));
  }
  if (!isChanged) return null;
  await writer.write(encoder.finish());
  return await writer.close();
}

function redactEntry(entry: LedgerEntry, now: NewPageDigests, { redaction }: RewriteTools): LedgerEntry {
  if (entry.digest.equals(now.digest)) return entry;
  const { details } = entry;
  return {
    ...entry,
    digest: now.digest,
    ...(details === undefined ? {} : { details: redactDetails(details, now, redaction.parts.text) }),
  };
}

function redactDetails(details: LedgerDetails, now: NewPageDigests, textIsHidden: boolean): LedgerDetails {
  const digests = Buffer.from(details.digests);
  const textKeys = Uint32Array.from(details.textKeys);
  for (const [id, digest] of now.revisions) {
    const at = details.ids.indexOf(id);
    if (at < 0) throw unlisted(id);
    digest.copy(digests, at * revisionDigestBytes);
    if (textIsHidden) textKeys[at] = 0;
  }
  // The records that it is of say more than is shown: the next date must not take the entry for theirs.
  return { ...details, print: noPrint, digests, textKeys };
}

function unlisted(id: number): RotaError {
  return new RotaError(
    'REDACTION_IMPOSSIBLE',
    `revision ${id} is in the history and not in its ledger: they are not of one dump; withdraw the date (rota dump withdraw)`,
  );
}
