import { after } from 'node:test';
import { isMainThread } from 'node:worker_threads';
import { endProcessesWith } from './sweep.ts';

/**
 * Loaded before each test file: ends its process when all its tests have ended and something keeps it alive, a program that
 * a failed test left running or a timer. `run` has a time limit for tests, none for the process of a file, and it waits for
 * whoever has its standard output: what the tests started ends with it.
 */
const graceMs = 30_000;

if (isMainThread) {
  process.env.ROTA_TEST_FILE = String(process.pid);
  process.on('exit', () => endProcessesWith(`ROTA_TEST_FILE=${process.pid}`));
  after(() => {
    setTimeout(() => {
      const held = process.getActiveResourcesInfo().join(', ');
      process.stderr.write(
        `The tests of ${process.argv[1]} have ended; what keeps its process alive: ${held}\n`,
      );
      process.exit(1);
    }, graceMs).unref();
  });
}
