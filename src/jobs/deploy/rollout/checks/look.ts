import type { LogSample } from '../../target/programs/log-sample.ts';
import type { LogRate } from './judge-rate.ts';

/** What a check of a log or metric saw on a host. */
export interface Look {
  readonly atMs: number;
  readonly log?: LogSample;
  readonly metric?: number | null;
}

/** What this process saw of hosts before their switch, by check and host. */
export interface Looks {
  readonly begun: Map<string, Look>;
  readonly past: Map<string, Look & { readonly rate: LogRate | null }>;
}
