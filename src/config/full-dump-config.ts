import type { ScheduleConfig } from './schedule-config.ts';

/** The parts of a full dump that can be asked for. */
export const fullDumpOutputs = [
  'stubs',
  'articles',
  'multistream',
  'current',
  'history',
  'logs',
  'titles',
  'namespaces',
  'tables',
] as const;
export type FullDumpOutput = (typeof fullDumpOutputs)[number];

/** Formats of the files with texts. */
export const contentFormats = ['bz2', 'zst'] as const;
export type ContentFormat = (typeof contentFormats)[number];

/** Of the complete history there may also be a 7z file, made from one of the others. */
export const historyFormats = [...contentFormats, '7z'] as const;
export type HistoryFormat = (typeof historyFormats)[number];

/** Above either limit an output is cut into several files; null: no limit. */
export interface SplitConfig {
  readonly maxRawBytes: number | null;
  readonly maxPages: number | null;
}

/** The job as the scheduler and the workers see it. */
export interface FullDumpJob extends ScheduleConfig {
  /** How many runs of the job one worker has at once. */
  readonly slots: number;
  /** For wikis that set nothing of their own; see {@link WikiConfig.fullDump} for those of a wiki. */
  readonly settings: FullDumpSettings;
}

/** How one wiki is dumped. */
export interface FullDumpSettings {
  /** In the order of {@link fullDumpOutputs}. */
  readonly outputs: readonly FullDumpOutput[];
  /** At least one format each. Stubs and logs are always gz, as the field's readers expect. */
  readonly compression: {
    readonly articles: readonly ContentFormat[];
    readonly current: readonly ContentFormat[];
    /** With 7z there is bz2 or zst, too. */
    readonly history: readonly HistoryFormat[];
    readonly stubs: readonly 'gz'[];
    readonly logs: readonly 'gz'[];
  };
  /** `articles` also holds for the multistream file and its index. */
  readonly split: {
    readonly stubs: SplitConfig;
    readonly articles: SplitConfig;
    readonly current: SplitConfig;
    readonly history: SplitConfig;
  };
  /** Version of the XML export format. */
  readonly schema: '0.10' | '0.11';
  /** Whose habits to follow: dumpBackup.php's or dumpTextPass.php's (published dumps). */
  readonly profile: 'one-pass' | 'text-pass';
  /** Also show what MediaWiki shows of hidden revisions: for comparisons only. */
  readonly asMediawiki: boolean;
  /** Worker threads for texts and compression; at least 1. */
  readonly threads: number;
  readonly spool: {
    /** Above this many revisions there is one snapshot per page range. */
    readonly perRangeRevisions: number;
  };
  /** A piece ends at whichever comes first. */
  readonly piece: { readonly rawBytes: number; readonly revisions: number };
  /** Raw bytes of an independently compressed part of a file. */
  readonly bundle: { readonly zst: number; readonly bz2: number };
  readonly carryOver: {
    /** Take over what has not changed since the date before. */
    readonly enabled: boolean;
    /** Of what has not changed, the share that is read from the database all the same (0 to 1). */
    readonly recheck: number;
  };
  /** Of bundles that were copied, the share that is decompressed and read back (0 to 1); of all else, everything. */
  readonly verify: number;
  readonly tolerance: {
    /** Up to this many unreadable texts the dump is published with errors; above, it is held. */
    readonly failedTexts: number;
    /** The same for texts that differ from their SHA-1; null: any number. */
    readonly mismatchedTexts: number | null;
  };
  /** Hold what shrank by more than this share (0.05 = 5 %) since the last published date; null: never. */
  readonly shrinkGuard: number | null;
  /** Publish each verified set at once, or all together. */
  readonly publish: 'sets' | 'whole';
  /** How many published dates are kept. */
  readonly keep: number;
  /** An unfinished date younger than this is resumed, an older one skipped. */
  readonly resumeWithinMs: number;
  /** What is held and not approved within this fails. */
  readonly heldForMs: number;
  /** Tries after the first, with back-off `delayMs · factor^n`. */
  readonly retries: { readonly times: number; readonly delayMs: number; readonly factor: number };
  /** A run that takes longer fails. */
  readonly deadlineMs: number;
}
