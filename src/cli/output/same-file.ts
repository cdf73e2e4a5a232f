import { realpathSync } from 'node:fs';

/** Whether two absolute paths lead to one file, by whatever links. */
export function sameFile(a: string, b: string): boolean {
  try {
    return realpathSync(a) === realpathSync(b);
  } catch {
    return a === b;
  }
}
