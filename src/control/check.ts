import type { Log } from '../core/log.ts';
import type { RunView } from './store/run-view.ts';

interface CheckBase {
  readonly name: string;
  /** `fail` fails the stage, `warn` is only told. */
  readonly severity: 'fail' | 'warn';
  readonly timeoutMs: number;
}

/** Something that must hold before or after a stage. */
export type Check =
  | (CheckBase & {
      /** A program that must end with status 0. */
      readonly kind: 'command';
      readonly argv: readonly [string, ...string[]];
      readonly cwd?: string;
      readonly env?: Readonly<Record<string, string>>;
    })
  | (CheckBase & {
      /** A URL that must answer as expected. */
      readonly kind: 'http';
      readonly url: string;
      /** 200 when left out. */
      readonly status?: number;
      /** Text that the body must contain. */
      readonly contains?: string;
      readonly headers?: Readonly<Record<string, string>>;
    })
  | (CheckBase & {
      /** A script for /bin/sh -eu that must end with status 0. */
      readonly kind: 'script';
      readonly script: string;
      /** `$1`, `$2` … */
      readonly args?: readonly string[];
      readonly cwd?: string;
      readonly env?: Readonly<Record<string, string>>;
    })
  | (CheckBase & {
      readonly kind: 'class';
      readonly check: CustomCheck;
    });

export interface CheckContext {
  readonly run: RunView;
  readonly stage: string;
  readonly workspace: string;
  readonly signal: AbortSignal;
  readonly log: Log;
}

/** A check written as a class. */
export abstract class CustomCheck {
  abstract check(context: CheckContext): Promise<CheckResult>;
}

export interface CheckResult {
  readonly ok: boolean;
  /** What was found, in one sentence. */
  readonly message: string;
  /** Nothing was found: it could not be asked, or did not end in time. */
  readonly isError?: boolean;
}

export interface CheckReport extends CheckResult {
  readonly name: string;
  readonly severity: 'fail' | 'warn';
  readonly durationMs: number;
}
