import * as z from 'zod';
import { RotaError } from '../../core/errors/rota-error.ts';
import type { ManifestTombstone } from '../status/manifest.ts';

/** Where it stands in the store what of a date was taken back. The manifest repeats it. */
export function tombstonesKey(at: {
  readonly job: string;
  readonly wiki: string;
  readonly date: string;
}): string {
  return `tombstones/${at.job}/${at.wiki}/${at.date}`;
}

const tombstones = z.strictObject({
  version: z.literal(1),
  tombstones: z
    .array(
      z.strictObject({
        at: z.iso.datetime().transform((text) => new Date(text)),
        what: z.enum(['withdrawn', 'redacted', 'replaced']),
        set: z.string().exactOptional(),
        revisions: z.array(z.number()).readonly().exactOptional(),
        parts: z
          .array(z.enum(['text', 'comment', 'user']))
          .readonly()
          .exactOptional(),
        files: z.array(z.string()).readonly().exactOptional(),
      }),
    )
    .readonly(),
});

export function encodeTombstones(list: readonly ManifestTombstone[]): string {
  return JSON.stringify({ version: 1, tombstones: list });
}

/** @param value of the pointer; nothing where there is none */
export function decodeTombstones(key: string, value: unknown): readonly ManifestTombstone[] {
  if (typeof value !== 'string') return [];
  try {
    return tombstones.parse(JSON.parse(value)).tombstones;
  } catch (cause) {
    throw new RotaError(
      'INTERNAL',
      `The tombstones ${key} in the store are not of this version's form; were they written by a newer Rota?`,
      { cause, facts: { key } },
    );
  }
}
