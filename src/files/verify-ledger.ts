import { digestPages } from '../export/ledger/digest-pages.ts';
import type { LedgerEntry, LedgerHead } from '../export/ledger/ledger-format.ts';
import { openLedger } from '../export/ledger/read-ledger.ts';
import { XmlScanner } from '../export/scanner/xml-scanner.ts';
import { type DumpSource, rawBytesOf } from './dump-source.ts';
import { assertSound, HeadWatch } from './sound-parts.ts';

/** A page of which dump and ledger say something else. */
export interface LedgerFault {
  /** `missing`: in the ledger only; `extra`: in the dump only; `different`: both have it, but not the same of it. */
  readonly kind: 'missing' | 'extra' | 'different';
  readonly pageId: number;
  /** As the ledger and the dump have them; null where the page is not. */
  readonly ledgerRevisions: number | null;
  readonly revisions: number | null;
}

export interface LedgerVerdict {
  readonly wiki: string;
  readonly date: string;
  readonly job: string;
  readonly pages: number;
  readonly revisions: number;
  readonly faults: number;
}

/**
 * Compares a content dump with a ledger, page by page. What is found comes as it is found; the verdict is returned at
 * last, and only if both could be read to their end. Texts are covered by their stated sizes and hashes.
 * Memory: a revision, and a few chunks of each file.
 * @throws RotaError LEDGER_DAMAGED, XML_DAMAGED, ARCHIVE_DAMAGED
 */
export async function* verifyAgainstLedger(
  dump: DumpSource,
  ledger: DumpSource,
): AsyncGenerator<LedgerFault, LedgerVerdict, void> {
  const { head, entries } = await openLedger(rawBytesOf(ledger), ledger.name);
  const expected = entries();
  const found = digestPages(soundBytes(dump));
  const totals = { pages: 0, revisions: 0, faults: 0 };
  try {
    let [want, have] = [await next(expected), await next(found)];
    while (want !== null || have !== null) {
      const fault = compare(want, have);
      if (fault !== null) {
        totals.faults += 1;
        yield fault;
      }
      const [wantedId, foundId] = [
        want?.pageId ?? Number.POSITIVE_INFINITY,
        have?.pageId ?? Number.POSITIVE_INFINITY,
      ];
      if (have !== null && foundId <= wantedId) {
        totals.pages += 1;
        totals.revisions += have.revisionCount;
        have = await next(found);
      }
      if (wantedId <= foundId) want = await next(expected);
    }
    return verdict(head, totals);
  } finally {
    await expected.return();
    await found.return();
  }
}

/** The one with the smaller id is alone; of the same id, count and digest must be the same. */
function compare(want: LedgerEntry | null, have: LedgerEntry | null): LedgerFault | null {
  if (want !== null && (have === null || want.pageId < have.pageId)) {
    return { kind: 'missing', pageId: want.pageId, ledgerRevisions: want.revisionCount, revisions: null };
  }
  if (have === null) return null;
  const revisions = have.revisionCount;
  if (want === null || have.pageId < want.pageId) {
    return { kind: 'extra', pageId: have.pageId, ledgerRevisions: null, revisions };
  }
  if (want.revisionCount === revisions && want.digest.equals(have.digest)) return null;
  return { kind: 'different', pageId: want.pageId, ledgerRevisions: want.revisionCount, revisions };
}

async function next(entries: AsyncGenerator<LedgerEntry, void, void>): Promise<LedgerEntry | null> {
  const { value, done } = await entries.next();
  return done === true ? null : (value ?? null);
}

function verdict(
  head: LedgerHead,
  totals: Pick<LedgerVerdict, 'pages' | 'revisions' | 'faults'>,
): LedgerVerdict {
  return { wiki: head.wiki, date: head.date, job: head.job, ...totals };
}

/** The bytes of a dump, after which it is told whether its XML was sound. */
async function* soundBytes(source: DumpSource): AsyncGenerator<Buffer, void, void> {
  const head = new HeadWatch();
  const scanner = new XmlScanner(head.handler);
  for await (const bytes of rawBytesOf(source)) {
    scanner.push(bytes);
    yield bytes;
  }
  assertSound(source.name, scanner.finish(), head);
}
