import * as z from 'zod';
import { RotaError } from '../../core/errors/rota-error.ts';

const digest = {
  sizeBytes: z.number().int().nonnegative(),
  md5: z.string(),
  sha1: z.string(),
  sha256: z.string(),
};
const counts = z.strictObject({ pages: z.number(), revisions: z.number() });

const dayManifest = z.strictObject({
  version: z.literal(1),
  wiki: z.string(),
  date: z.string(),
  /** `baseline`: nothing was there to compare with; the next day builds on it. */
  status: z.enum(['done', 'done-with-errors', 'baseline']),
  mark: z.strictObject({ revisionId: z.number(), takenAt: z.string(), estimated: z.boolean() }),
  /** Revisions above this one, up to the mark, are in the day's increment; null on the first day. */
  previousMark: z.number().nullable(),
  /** When the state that is described was read. */
  snapshotAt: z.string(),
  schema: z.enum(['0.10', '0.11']),
  /** Whether restored revisions, page changes and ledger are there. */
  exact: z.boolean(),
  /** How pages that changed were found: in the whole state, or where something hinted; absent where nobody looked. */
  compared: z.enum(['state', 'log-hints']).exactOptional(),
  /** The states from which the day leads on: the SHA-256 of their ledgers. */
  bases: z.array(z.strictObject({ job: z.string(), date: z.string(), ledgerSha256: z.string() })).readonly(),
  ledger: z
    .strictObject({ file: z.string(), sha256: z.string(), pages: z.number(), revisions: z.number() })
    .nullable(),
  increment: counts,
  restored: counts,
  /** Texts that could not be read or differ from their SHA-1. */
  failed: z
    .array(z.strictObject({ page: z.number(), revision: z.number(), kind: z.string(), code: z.string() }))
    .readonly(),
  files: z.array(z.strictObject({ name: z.string(), ...digest })).readonly(),
  /** What was hidden in the day's files after they had been published. */
  redacted: z
    .array(
      z.strictObject({
        at: z.string(),
        revisions: z.array(z.number()).readonly(),
        parts: z.array(z.enum(['text', 'comment', 'user'])).readonly(),
        files: z.array(z.string()).readonly(),
      }),
    )
    .readonly()
    .exactOptional(),
});

/** `changes.json`: the truth about one day of changes. */
export type DayManifest = z.infer<typeof dayManifest>;

export const dayManifestName = 'changes.json';

/** @throws RotaError CHANGES_UNREADABLE */
export function parseDayManifest(value: unknown, name: string): DayManifest {
  const result = dayManifest.safeParse(value);
  if (result.success) return result.data;
  throw new RotaError(
    'CHANGES_UNREADABLE',
    `${name} does not describe a day of changes of this version; fetch it again`,
    { cause: result.error, facts: { file: name } },
  );
}

/** The files of a day, after `<wiki>-<date>-`. */
export const dayFiles = {
  stubs: 'stubs-meta-hist-incr.xml.gz',
  increment: 'pages-meta-hist-incr.xml.bz2',
  restored: 'pages-meta-hist-restored.xml.bz2',
  changes: 'page-changes.jsonl.gz',
  ledger: 'ledger.zst',
  md5sums: 'md5sums.txt',
} as const;

/** Of a full dump and of a day alike: the ledger with each revision, which only Rota itself needs. */
export const stateFileName = 'state.zst';
