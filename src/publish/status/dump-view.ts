/**
 * What the status files and pages of one dump are made from. Plain data: the job fills it from run control, the
 * monitor from what lies in the tree. Nothing private belongs in it: everything here is shown to everybody.
 */
export interface DumpView {
  /** The wiki's database name, which names its folder and files. */
  readonly wiki: string;
  /** YYYYMMDD. */
  readonly date: string;
  readonly state: DumpState;
  /** In the order in which they run; the field's files list them backwards. */
  readonly jobs: readonly JobView[];
  /** YYYYMMDD of the dump before this one that is still kept. */
  readonly previousDate: string | null;
  /** A message of the operators to the readers of this dump. */
  readonly notice?: string;
  readonly updatedAt: Date;
}

/**
 * `partial`: it ended and some jobs were never asked for; `done`: it ended (failed jobs are counted from the jobs);
 * `aborted`: it died; `withdrawn`: it was taken back, and nothing of it is there.
 */
export type DumpState = 'in-progress' | 'partial' | 'done' | 'aborted' | 'withdrawn';

export type JobStatus = 'waiting' | 'in-progress' | 'done' | 'failed' | 'skipped';

export interface JobView {
  /** The name in dumpstatus.json, such as `articlesdump`. */
  readonly name: string;
  readonly description: string;
  readonly status: JobStatus;
  /** When the status changed last; null while nothing has happened. */
  readonly updatedAt: Date | null;
  readonly files: readonly FileView[];
  /** One line for people: revisions done, speed, time left. */
  readonly progress?: string;
}

export interface FileView {
  /** The whole file name, `<wiki>-<date>-…`. */
  readonly name: string;
  readonly sizeBytes: number | null;
  /** Hexadecimal, lower case; absent until computed. */
  readonly md5?: string;
  readonly sha1?: string;
  readonly sha256?: string;
  readonly state: 'missing' | 'writing' | 'present';
}

/** The public address of the trees, used only where a format has no relative links (RSS, `url` of dumpstatus.json). */
export interface WebAddress {
  /** Such as `https://dumps.example.org/wikis`, without a slash at the end. */
  readonly webRoot?: string;
}
