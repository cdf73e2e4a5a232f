import * as z from 'zod';
import { RotaError } from '../../../core/errors/rota-error.ts';
import { fullDumpName } from '../name.ts';

const prefix = `redaction/${fullDumpName}/`;

/** Where the store keeps a wiki's last redaction: so that one that broke off is seen, and no older run publishes. */
export function redactionKey(wiki: string): string {
  return `${prefix}${wiki}`;
}

export const redactionPrefix: string = prefix;

const order = z.strictObject({
  version: z.literal(1),
  /** When it began. */
  at: z.iso.datetime(),
  revisions: z.array(z.number()).readonly(),
  parts: z.strictObject({ text: z.boolean(), comment: z.boolean(), user: z.boolean() }),
  /** `begun`: its process is at it, or died; `broken-off`: that it died was noticed; `done`: all of it is published. */
  state: z.enum(['begun', 'broken-off', 'done']),
});

/** What was asked to be hidden. */
export type RedactionOrder = z.infer<typeof order>;

/** Null where the wiki has none. */
export function parseRedactionOrder(key: string, value: unknown): RedactionOrder | null {
  if (value === null || value === undefined) return null;
  const result = order.safeParse(value);
  if (result.success) return result.data;
  throw new RotaError(
    'INTERNAL',
    `The redaction ${key} in the store is not of this version's form; was it written by a newer Rota?`,
    { cause: result.error, facts: { key } },
  );
}
