import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import type { DataFileOptions } from '../store/data-file.ts';

const threads = () => Math.min(2, availableParallelism());

/** Loading keeps almost nothing: what it reads is written as it comes. */
export function loadingData(folder: string): DataFileOptions {
  return { memoryBytes: 64e6, threads: threads(), temporaryFolder: join(folder, 'duckdb.tmp') };
}

export function readingData(folder: string): DataFileOptions {
  return { memoryBytes: 400e6, threads: threads(), temporaryFolder: join(folder, 'duckdb.tmp') };
}
