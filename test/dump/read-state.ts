import { join } from 'node:path';
import { openContainer, rawBytes } from '../../src/export/containers/read/open-container.ts';
import type { LedgerEntry, LedgerHead } from '../../src/export/ledger/ledger-format.ts';
import { openLedger } from '../../src/export/ledger/read-ledger.ts';
import { type SqliteFarm, wikiName } from './sqlite-farm.ts';

/** The private ledger of a full dump, which lists each revision. */
export async function readState(
  farm: SqliteFarm,
  date: string,
): Promise<{ readonly head: LedgerHead; readonly entries: readonly LedgerEntry[] }> {
  const name = `${wikiName}-${date}-pages-meta-history.state.zst`;
  const path = join(farm.folder, 'private', wikiName, date, name);
  const options = { signal: new AbortController().signal, searchPath: process.env.PATH ?? '' };
  const ledger = await openLedger(rawBytes(await openContainer(path, options)), name);
  const entries: LedgerEntry[] = [];
  for await (const entry of ledger.entries()) entries.push(entry);
  return { head: ledger.head, entries };
}
