import { join } from 'node:path';
import { RotaError } from '../../../core/errors/rota-error.ts';
import type { Trees } from '../../../publish/workspace/tree.ts';

/** What the store says of the last load of a tracker. */
export interface LoadedData {
  /** In the private tree's folder of loads. */
  readonly file: string;
  /** Date of the run that made it. */
  readonly date: string;
  /** When the tracker was as it was read, ISO. */
  readonly sourceAt: string | null;
  readonly tasks: number;
  readonly bytes: number | null;
  /** By which an unchanged dump is known. */
  readonly mark: string | null;
}

export function dataPointer(tracker: string): string {
  return `phabricator-data/${tracker}`;
}

/** Trackers may hold what is not public: loads lie in the private tree. */
export function dataFolder(trees: Trees, tracker: string): string {
  return join(trees.private.root, 'phabricator', tracker);
}

export function readLoaded(value: unknown): LoadedData | null {
  if (typeof value !== 'object' || value === null || !('file' in value) || typeof value.file !== 'string')
    return null;
  return value as LoadedData;
}

/** @throws RotaError REPORT_DATA_MISSING */
export function requireLoaded(value: unknown): LoadedData {
  const loaded = readLoaded(value);
  if (loaded !== null) return loaded;
  throw new RotaError(
    'REPORT_DATA_MISSING',
    'The tracker has not been loaded yet; load it with rota report load',
  );
}
