import type { Random } from '../../core/random.ts';
import type { DemoDatabase } from '../database/demo-database.ts';
import type { TableWriter } from '../database/table-writer.ts';
import { CommentStore } from './comment-store.ts';
import type { IdCounters } from './id-counters.ts';
import { LinkRecorder } from './link-recorder.ts';
import { LogRecorder } from './log-recorder.ts';
import { RevisionRecorder } from './revision-recorder.ts';
import { TextStore } from './text-store.ts';
import type { WikiOptions } from './wiki-options.ts';

/** Where everything that happens in a wiki is written down. */
export interface WikiRecorder {
  readonly ids: IdCounters;
  readonly texts: TextStore;
  readonly comments: CommentStore;
  readonly revisions: RevisionRecorder;
  readonly logs: LogRecorder;
  readonly links: LinkRecorder;
  /** All writers; each must be flushed in the end. */
  readonly writers: readonly TableWriter[];
}

export function makeRecorder(
  database: DemoDatabase,
  external: DemoDatabase | null,
  options: Pick<WikiOptions, 'schema' | 'storage' | 'compressionLevel' | 'language'>,
  ids: IdCounters,
  random: Random,
): WikiRecorder {
  const comments = new CommentStore(database, ids);
  const texts = new TextStore(database, external, options, ids, random);
  const revisions = new RevisionRecorder(database, options.schema, ids, comments);
  const logs = new LogRecorder(database, ids, comments);
  const links = new LinkRecorder(database, options.schema, options.language, ids);
  return {
    ids,
    texts,
    comments,
    revisions,
    logs,
    links,
    writers: [comments, texts, revisions, logs, links].flatMap((recorder) => recorder.writers),
  };
}
