import type { Clock } from '../core/clock.ts';
import type { Log } from '../core/log.ts';
import type { AccessTokens } from '../operations/access/tokens.ts';
import type { FarmReader } from './data/farm-reader.ts';
import type { Face } from './face.ts';
import type { LiveStore } from './live/live-store.ts';
import type { Previews } from './scopes/previews.ts';
import type { Attempts } from './security/attempts.ts';
import type { AuditLog } from './security/audit-log.ts';
import type { Sessions } from './security/sessions.ts';
import type { WebFarm } from './web-farm.ts';

/** What the routes are made from. */
export interface WebParts {
  readonly face: Face;
  readonly farm: WebFarm;
  readonly reader: FarmReader;
  readonly live: LiveStore;
  readonly previews: Previews;
  readonly tokens: AccessTokens;
  readonly sessions: Sessions;
  /** Wrong tokens; and actions, which nobody needs to do faster than by hand. */
  readonly attempts: Attempts;
  readonly actions: Attempts;
  readonly audit: AuditLog;
  readonly clock: Clock;
  readonly log: Log;
  readonly version: string;
  /** Aborted when the server ends. */
  readonly signal: AbortSignal;
  /** Reading, too, needs a token: the server is reached from other machines. */
  readonly isGuarded: boolean;
  /** Names under which the server may be asked; null: any. */
  readonly hosts: readonly string[] | null;
}
