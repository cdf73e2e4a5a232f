import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import type { DataFileOptions } from '../store/data-file.ts';

const threads = () => Math.min(2, availableParallelism());

/**
 * Loading keeps almost nothing: what it reads is written as it comes, by the thread that reads it. A second thread of the
 * engine would take 50 MB and have nothing to do.
 */
export function loadingData(folder: string): DataFileOptions {
  return { memoryBytes: 48e6, threads: 1, temporaryFolder: join(folder, 'duckdb.tmp') };
}

export function readingData(folder: string): DataFileOptions {
  return { memoryBytes: 200e6, threads: threads(), temporaryFolder: join(folder, 'duckdb.tmp') };
}
