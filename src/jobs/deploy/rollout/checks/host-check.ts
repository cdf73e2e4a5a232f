import type { EnvironmentConfig, TargetHost } from '../../../../config/environment-config.ts';
import type { CheckResult } from '../../../../control/check.ts';
import type { Log } from '../../../../core/log.ts';

/** What a check that is written as a class is told. */
export interface HostCheckContext {
  readonly host: TargetHost;
  readonly version: string;
  readonly environment: EnvironmentConfig;
  readonly log: Log;
  /** Aborts at the check's timeout. */
  readonly signal: AbortSignal;
}

/** A check of one host, written as a class. */
export abstract class HostCheck {
  abstract check(context: HostCheckContext): Promise<CheckResult>;
}
