import { DatabaseSync } from 'node:sqlite';
import { systemClock } from '../../src/core/clock.ts';

/**
 * Stops a process (SIGSTOP) at a moment when it holds no lock on the run store. One that is stopped inside a write
 * transaction locks the file for everybody until it goes on: a limit of SQLite, and not what these tests are about.
 */
export async function stopBetweenWrites(
  storeFile: string,
  signal: (name: 'SIGSTOP' | 'SIGCONT') => void,
): Promise<void> {
  for (;;) {
    signal('SIGSTOP');
    if (await canBeWritten(storeFile)) return;
    signal('SIGCONT');
    await systemClock.sleep(7);
  }
}

async function canBeWritten(storeFile: string): Promise<boolean> {
  // A stop takes effect a moment after it was sent.
  await systemClock.sleep(20);
  const db = new DatabaseSync(storeFile, { timeout: 100 });
  try {
    db.exec('BEGIN IMMEDIATE');
    db.exec('ROLLBACK');
    return true;
  } catch {
    return false;
  } finally {
    db.close();
  }
}
