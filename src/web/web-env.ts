import type { HttpBindings } from '@hono/node-server';
import type { Visitor } from './security/visitor-record.ts';

/** What hono's contexts of this server carry. */
export interface WebEnv {
  Bindings: HttpBindings;
  Variables: { visitor?: Visitor };
}
