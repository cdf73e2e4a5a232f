import { globSync } from 'node:fs';
import { sep } from 'node:path';
import type { RunnerOptions } from './options.ts';

const everything = ['src/**/*.test.ts', 'test/**/*.test.ts'];
const longRuns = 'test/long/**/*.test.ts';

/** The test files to run, as paths below `root`: those with real servers first, for they take longest. */
export function selectFiles(
  root: string,
  options: Pick<RunnerOptions, 'filters' | 'long'>,
): readonly string[] {
  const patterns = options.long ? [longRuns] : everything;
  const exclude = options.long ? [] : [longRuns];
  return globSync(patterns, { cwd: root, exclude })
    .map((path) => path.split(sep).join('/'))
    .filter((path) => !path.includes('node_modules/'))
    .filter((path) => options.filters.length === 0 || options.filters.some((word) => path.includes(word)))
    .sort((a, b) => Number(needsServers(b)) - Number(needsServers(a)) || (a < b ? -1 : 1));
}

/** Unit tests beside the source need no server; tests below test/ may. */
export function needsServers(path: string): boolean {
  return path.startsWith('test/');
}
