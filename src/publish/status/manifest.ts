import type { FilePart } from '../dump-catalogue/dump-output.ts';
import type { FileDigest } from '../files/file-digest.ts';

/** manifest.json: the truth about a date. It is public, so only public files are in it. */
export interface Manifest {
  readonly format: 'rota-manifest';
  readonly version: 1;
  readonly wiki: string;
  /** YYYYMMDD. */
  readonly date: string;
  readonly previousDate: string | null;
  readonly writtenAt: Date;
  readonly versions: ManifestVersions;
  /** Where pages, revisions and titles were read; null until the spool stands. */
  readonly snapshot: ManifestSnapshot | null;
  /** What was read at times of its own: logs, tables, uploads. */
  readonly readAt: Readonly<Record<string, Date>>;
  readonly sets: Readonly<Record<string, ManifestSet>>;
  /** What was taken back after publication. */
  readonly tombstones: readonly ManifestTombstone[];
}

export interface ManifestVersions {
  readonly rota: string;
  /** Of the writer: outputs of different writers are not compared byte by byte. */
  readonly writer: string;
  readonly exportSchema: '0.10' | '0.11';
  readonly mediawiki?: string;
}

/** `snapshot`: all of it at one point in time; `per-range`: each range at its own. */
export interface ManifestSnapshot {
  readonly consistency: 'snapshot' | 'per-range';
  readonly ranges: readonly {
    readonly firstPageId: number;
    /** null: to the end. */
    readonly lastPageId: number | null;
    readonly takenAt: Date;
    readonly greatestRevisionId: number;
  }[];
  readonly greatestPageId: number;
  readonly greatestRevisionId: number;
}

export interface ManifestSet {
  readonly state: 'waiting' | 'published' | 'held' | 'failed' | 'withdrawn';
  readonly publishedAt?: Date;
  readonly files: readonly ManifestFile[];
}

export interface ManifestFile extends FileDigest {
  readonly name: string;
  readonly output: string;
  readonly counts?: { readonly pages?: number; readonly revisions?: number; readonly rows?: number };
  readonly rawBytes?: number;
  /** Part and page range where the output is split; the next date takes the ranges over from here. */
  readonly split?: FilePart;
}

export interface ManifestTombstone {
  readonly at: Date;
  readonly what: 'withdrawn' | 'redacted' | 'replaced';
  readonly set?: string;
  /** Of a redaction: which revisions, what of them, and the files that were rewritten. */
  readonly revisions?: readonly number[];
  readonly parts?: readonly ('text' | 'comment' | 'user')[];
  readonly files?: readonly string[];
}

/** Indented, with times as ISO 8601 UTC and a newline at the end; equal manifests give equal bytes (they are signed). */
export function manifestJson(manifest: Manifest): string {
  return `${JSON.stringify(manifest, null, 2)}\n`;
}
