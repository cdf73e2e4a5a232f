import type { Log } from '../../core/log.ts';
import type { WriterOptions } from '../../export/writer/options.ts';
import type { FailedRevision } from '../threads/failed-revision.ts';
import type { StreamCompression } from '../threads/messages.ts';
import type { ExportProgress } from './export-stream.ts';

export interface ExportWikiOptions {
  /** Every revision, the latest of each page, or the log. */
  readonly what: 'full' | 'current' | 'logs';
  readonly texts: WriterOptions['texts'];
  readonly uploads: boolean;
  /** With the files' contents: `images` of the wiki says where they are. */
  readonly includeFiles: boolean;
  /** Page ids (log ids for logs): `start` included, `end` excluded, as dumpBackup.php counts. */
  readonly start?: number;
  readonly end?: number;
  readonly schema: WriterOptions['schema'];
  readonly profile: WriterOptions['profile'];
  readonly asMediawiki: boolean;
  readonly compression: StreamCompression;
  readonly threads: number;
  /** An open file descriptor. */
  readonly descriptor: number;
  readonly signal: AbortSignal;
  readonly log: Log;
  onProgress(progress: ExportProgress): void;
  onFailed(failed: readonly FailedRevision[]): void;
  /** Something to be said once: what the siteinfo source cannot tell, log types held back. */
  onRemark(text: string): void;
}
