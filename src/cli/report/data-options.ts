import { availableParallelism } from 'node:os';
import type { DataFileOptions } from '../../jobs/report/store/data-file.ts';

/** Loading keeps almost nothing: what it reads is written as it comes. */
export function loadingOptions(temporaryFolder: string): DataFileOptions {
  return { memoryBytes: 64e6, threads: Math.min(2, availableParallelism()), temporaryFolder };
}

export function readingOptions(temporaryFolder: string): DataFileOptions {
  return { memoryBytes: 400e6, threads: Math.min(2, availableParallelism()), temporaryFolder };
}
