/**
 * A ledger: of every page of a dump its id, how many revisions are printed, and a digest of what is printed. It proves,
 * page by page, that a dump made elsewhere (by applying changes) is the one that the database would have given.
 * The layout is in docs/reference/ledger.md.
 */
export const ledgerMagic = 'rota-ledger 1\n';

/** The first bytes of a SHA-256: two pages with the same are the same, barring 2^64 tries. */
export const pageDigestBytes = 16;
export const revisionDigestBytes = 8;

/** What is said once in a ledger, as a line of JSON after the magic. */
export interface LedgerHead {
  readonly wiki: string;
  /** `full-dump` or `changes`, and its date: the node of a chain that this ledger describes. */
  readonly job: string;
  readonly date: string;
  /** Of the export format that the digests are taken of. */
  readonly schema: '0.10' | '0.11';
  /** The greatest revision id that the state can hold. */
  readonly mark: number;
  /** Whether each page's revisions are listed: only Rota's own, private ledgers do that. */
  readonly revisions: boolean;
  /** The greatest id of the log when the state was read; absent where nobody noted it. */
  readonly logs?: number;
  /** Whether the names of registered users stand before the pages: in private ledgers only. */
  readonly users?: boolean;
  /** ISO 8601; when the (first) snapshot of the state was taken. In private ledgers only. */
  readonly takenAt?: string;
  /** SHA-256 of the head of the dump's XML: with another one all pages may differ. In private ledgers only. */
  readonly site?: string;
  /**
   * Where each page comes with the print of its records: what else its entry follows from (see
   * {@link LedgerDetails.print}). In private ledgers of full dumps only.
   */
  readonly prints?: string;
}

/** A registered user as the state names him; the name as stored, a character per byte. */
export interface LedgerUser {
  readonly id: number;
  readonly name: string;
}

export interface LedgerEntry {
  readonly pageId: number;
  readonly revisionCount: number;
  readonly digest: Buffer;
  /** Where the head says so. */
  readonly details?: LedgerDetails;
}

/** A page's revisions ascending by id; kept in arrays of numbers, for a page may have millions. */
export interface LedgerDetails {
  /** {@link revisionDigestBytes}; of what is printed before the first revision. */
  readonly headDigest: Buffer;
  /**
   * {@link pagePrintBytes}; the page's print in the spool. Zeros, or absent, where the entry follows from more than the page's records:
   * then equal records do not mean an equal entry.
   */
  readonly print?: Buffer;
  readonly ids: Float64Array;
  /** {@link revisionDigestBytes} each. */
  readonly digests: Buffer;
  /** Tells texts apart; 0 where the text is hidden. */
  readonly textKeys: Uint32Array;
}

export interface LedgerTotals {
  readonly pages: number;
  readonly revisions: number;
}
