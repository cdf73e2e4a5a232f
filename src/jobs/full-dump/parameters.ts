import * as z from 'zod';
import { RotaError } from '../../core/errors/rota-error.ts';

/** The names of the job's stages, in their order. */
export const stageNames = [
  'preflight',
  'spool',
  'lists',
  'tables',
  'logs',
  'content',
  'assemble',
  'verify',
  'last-look',
  'ledger',
  'publish',
  'finish',
] as const;
export type StageName = (typeof stageNames)[number];

const parameters = z.strictObject({
  /** The outputs of this run; those of the configuration when left out. */
  outputs: z.array(z.string()).readonly().optional(),
  /** The spool of this earlier epoch is taken over: only the pieces are made anew. */
  spoolOfEpoch: z.number().int().positive().optional(),
  /** False: everything is made from nothing; by default as the configuration says. */
  carryOver: z.boolean().optional(),
  /** What the date has published is taken back first. */
  replace: z.boolean().optional(),
});

/** What was asked of one run of the job, frozen when it was created. */
export type FullDumpParameters = z.infer<typeof parameters>;

export function readParameters(value: unknown): FullDumpParameters {
  const result = parameters.safeParse(value ?? {});
  if (result.success) return result.data;
  throw new RotaError(
    'INTERNAL',
    'The parameters of the run are not of this version; cancel it and dump again with --force.',
    { cause: result.error },
  );
}
