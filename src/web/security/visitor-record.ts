import type { Role } from '../../operations/access/roles.ts';
import type { Session } from './sessions.ts';

/** Who asks. */
export interface Visitor {
  readonly name: string;
  readonly role: Role;
  /** Undefined for a program that shows its token with each request. */
  readonly session?: Session;
}
