import * as z from 'zod';
import { RotaError } from '../../core/errors/rota-error.ts';

/** Where a set's pointer stands: `<job>` made it for `<wiki>` on `<date>`. */
export interface SetAddress {
  readonly job: string;
  readonly wiki: string;
  readonly date: string;
  readonly set: string;
}

export function publicationKey(at: SetAddress): string {
  return `publication/${at.job}/${at.wiki}/${at.date}/${at.set}`;
}

export function latestKey(at: Omit<SetAddress, 'date'>): string {
  return `latest/${at.job}/${at.wiki}/${at.set}`;
}

/** The lease under which the links of a wiki change. */
export function linkLeaseName(at: Pick<SetAddress, 'job' | 'wiki'>): string {
  return `publish/${at.job}/${at.wiki}`;
}

const digest = z.strictObject({
  sizeBytes: z.number().int().nonnegative(),
  md5: z.string(),
  sha1: z.string(),
  sha256: z.string(),
});

const publishedFile = z.strictObject({
  name: z.string(),
  audience: z.enum(['public', 'private']),
  /** Relative to the work folder of the audience's tree: where the file lies until it is moved. */
  committedPath: z.string(),
  digest,
  /** SHA-256 of what the file held before it was redacted: only that may it take the place of. */
  replaces: z.array(z.string()).readonly().exactOptional(),
  /** How long its content is since it was redacted; before, only the manifest says. */
  rawBytes: z.number().int().nonnegative().exactOptional(),
});

const publishedSet = z.strictObject({
  version: z.literal(1),
  publishedAt: z.iso.datetime(),
  files: z.array(publishedFile).readonly(),
});

const latestSet = z.strictObject({
  version: z.literal(1),
  date: z.string(),
  movedAt: z.iso.datetime(),
  /** What it named before, and names (without wiki and date) that the new date no longer has. */
  before: z.strictObject({ date: z.string(), gone: z.array(z.string()).readonly() }).nullable(),
});

export type PublishedFile = z.infer<typeof publishedFile>;
/** The truth about one published set. */
export type PublishedSet = z.infer<typeof publishedSet>;
/** The date that `latest` names for a set. */
export type LatestSet = z.infer<typeof latestSet>;

export function encodePointer(value: PublishedSet | LatestSet): string {
  return JSON.stringify(value);
}

export function decodePublishedSet(key: string, value: string): PublishedSet {
  return decode(publishedSet, key, value);
}

export function decodeLatestSet(key: string, value: string): LatestSet {
  return decode(latestSet, key, value);
}

function decode<T>(schema: z.ZodType<T>, key: string, value: string): T {
  try {
    return schema.parse(JSON.parse(value));
  } catch (error) {
    throw new RotaError(
      'INTERNAL',
      `The pointer ${key} in the store is not of this version's form; was it written by a newer Rota?`,
      { cause: error, facts: { key } },
    );
  }
}

/** True when both sets publish the same contents under the same names to the same readers. */
export function sameContent(a: PublishedSet, b: PublishedSet): boolean {
  const lines = (set: PublishedSet) =>
    set.files.map((f) => `${f.name} ${f.audience} ${f.digest.sizeBytes} ${f.digest.sha256}`).sort();
  return lines(a).join('\n') === lines(b).join('\n');
}
