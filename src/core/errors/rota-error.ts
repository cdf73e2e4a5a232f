import type { ExitStatus } from '../exit-status.ts';
import { catalogue, type ErrorCode } from './catalogue.ts';

export interface RotaErrorOptions {
  readonly cause?: unknown;
  /** Machine-readable particulars (wiki, file, line, run …); never a secret. */
  readonly facts?: Readonly<Record<string, unknown>>;
}

/**
 * A failure with a code from the catalogue. The message is one sentence that says what is wrong, where, and what to
 * do; it is shown to people as it is, so it never holds a secret.
 */
export class RotaError extends Error {
  override readonly name = 'RotaError';
  readonly code: ErrorCode;
  readonly facts: Readonly<Record<string, unknown>>;

  constructor(code: ErrorCode, message: string, options: RotaErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.facts = options.facts ?? {};
  }

  get exit(): ExitStatus {
    return catalogue[this.code].exit;
  }

  get retryable(): boolean {
    return catalogue[this.code].retryable;
  }
}

/** True for a RotaError with one of the codes (or with any, when none is given). */
export function isRotaError(error: unknown, ...codes: readonly ErrorCode[]): error is RotaError {
  return error instanceof RotaError && (codes.length === 0 || codes.includes(error.code));
}

/** Wraps anything thrown into a RotaError; a RotaError stays itself. */
export function toRotaError(error: unknown, code: ErrorCode, message: (cause: string) => string): RotaError {
  if (error instanceof RotaError) return error;
  const cause = error instanceof Error ? error.message : String(error);
  return new RotaError(code, message(cause), { cause: error });
}
