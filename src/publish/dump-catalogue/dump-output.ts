/** The groups of a dump's files that are verified and published as one, in the order in which they are made. */
export const dumpSets = ['tables', 'lists', 'stubs', 'articles', 'current', 'logs', 'history'] as const;
export type DumpSet = (typeof dumpSets)[number];

export const setTitles: Readonly<Record<DumpSet, string>> = {
  tables: 'Database tables',
  lists: 'Titles and namespaces',
  stubs: 'Stubs: pages and revisions without text',
  articles: 'Articles',
  current: 'All pages, latest revisions',
  logs: 'Logs',
  history: 'All pages, all revisions',
};

/** One kind of file of a dump. */
export interface DumpOutput {
  /** Rota's name for it, in `rota.yaml`, the manifest and the docs. */
  readonly output: string;
  /** The job of dumpstatus.json that lists its files. */
  readonly job: string;
  /**
   * The file name after `<wiki>-<date>-`. `{part}` becomes the part's number and `{range}` `-p<first>p<last>` where a
   * big file is split as in the field; both become nothing otherwise.
   */
  readonly file: string;
  readonly set: DumpSet;
  /** Where the file goes; `private` ones never enter the public tree or its status files. */
  readonly audience: 'public' | 'private';
  /** What readers of the dump's page see beside the job. Outputs of one job share it. */
  readonly description: string;
}

/** What is known of one file of a split output. */
export interface FilePart extends FileSplit {
  /** Bytes of the XML's head and foot: every part has them, a whole file only once. */
  readonly frameBytes: number;
}

/** A split of a big file: part number, page range with both ends included. */
export interface FileSplit {
  readonly part?: number;
  readonly range?: { readonly firstPageId: number; readonly lastPageId: number };
}
