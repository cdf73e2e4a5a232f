import { lstatSync, readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';

/**
 * When an index was last filled. Git remembers times of files in whole seconds: one that is written again in the very second
 * in which git read it, with the same size and modification time, looks unchanged for ever. Such files are read once more.
 */
export interface ReadingWindow {
  readonly fromSeconds: number;
  readonly toSeconds: number;
}

export function windowFile(indexFile: string): string {
  return `${indexFile}.read`;
}

/** Keeps the time of a reading, with a second on both sides for clocks that differ a little from the file system's. */
export async function keepWindow(indexFile: string, begunMs: number, endedMs: number): Promise<void> {
  const window: ReadingWindow = {
    fromSeconds: Math.floor(begunMs / 1000) - 1,
    toSeconds: Math.floor(endedMs / 1000) + 1,
  };
  await writeFile(windowFile(indexFile), JSON.stringify(window));
}

/** Those paths (latin1) that were last written while the index was filled. */
export function writtenWhileRead(
  indexFile: string,
  root: string,
  paths: readonly string[],
): readonly string[] {
  let window: ReadingWindow;
  try {
    window = JSON.parse(readFileSync(windowFile(indexFile), 'utf8')) as ReadingWindow;
  } catch {
    // There was no reading yet, or one from before windows were kept.
    return [];
  }
  const prefix = Buffer.from(`${root}/`);
  return paths.filter((path) => {
    const stat = lstatSync(Buffer.concat([prefix, Buffer.from(path, 'latin1')]), { throwIfNoEntry: false });
    if (stat === undefined) return false;
    const seconds = stat.ctimeMs / 1000;
    return seconds >= window.fromSeconds && seconds < window.toSeconds + 1;
  });
}
