import type { ExitStatus } from '../exit-status.ts';

/** How a failure is classified by whoever meets it (the stage runner, the command line). */
export interface CatalogueEntry {
  /** The exit status of a command that ends with this failure. */
  readonly exit: ExitStatus;
  /** Trying again without a change can help (a dead connection); otherwise the failure is final. */
  readonly retryable: boolean;
  /** What it means, in one sentence, for the reference page. */
  readonly meaning: string;
  /** What to do about it, in one sentence, for the reference page. */
  readonly remedy: string;
}
