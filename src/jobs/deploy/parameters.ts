import { RotaError } from '../../core/errors/rota-error.ts';

/** What a deployment is to do; frozen in its run. */
export interface DeployParameters {
  readonly kind: 'push' | 'rollback' | 'repair' | 'catch-up' | 'adopt';
  /** The version to serve; a push without one makes it from the staging tree. */
  readonly version?: string;
  /** Only these hosts; all when left out. */
  readonly hosts?: readonly string[];
  /** Groups to switch, in order; all when left out. */
  readonly groups?: readonly string[];
  /** Groups that are switched before all others; then it waits for a person. */
  readonly holdAfter?: readonly string[];
  /** A kept plan that is carried out as it is, and its digest. */
  readonly plan?: { readonly id: string; readonly digest: string };
  /** Nobody is asked between groups. */
  readonly unattended?: boolean;
  /** For the history. */
  readonly message?: string;
}

const kinds: readonly string[] = ['push', 'rollback', 'repair', 'catch-up', 'adopt'];

export function readParameters(value: unknown): DeployParameters {
  const given = value as DeployParameters | null;
  if (typeof given === 'object' && given !== null && kinds.includes(given.kind)) return given;
  throw new RotaError('INTERNAL', `${JSON.stringify(value)} are no parameters of a deployment`);
}

/** Whether it tells no host to serve anything but what that is to serve already. */
export function restoresOnly({ kind }: DeployParameters): boolean {
  return kind === 'repair' || kind === 'catch-up';
}
