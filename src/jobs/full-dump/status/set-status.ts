import type { PublishedSet } from '../../../publish/publication/pointers.ts';
import type { JobStatus } from '../../../publish/status/dump-view.ts';
import type { MadeFile } from '../made-file.ts';

/** What is known of one set of a run. */
export interface SetStatus {
  readonly status: JobStatus;
  readonly updatedAt: Date | null;
  readonly published: PublishedSet | null;
  /** Files with their counts, once they are made. */
  readonly files: readonly MadeFile[];
}
