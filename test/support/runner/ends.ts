import { after } from 'node:test';

/**
 * Loaded before each test file: ends its process when all its tests have ended and something keeps it alive, a program that
 * a failed test left running or a timer. `run` has a time limit for tests, none for the process of a file.
 */
const graceMs = 30_000;

after(() => {
  setTimeout(() => {
    const held = process.getActiveResourcesInfo().join(', ');
    process.stderr.write(
      `The tests of ${process.argv[1]} have ended; what keeps its process alive: ${held}\n`,
    );
    process.exit(1);
  }, graceMs).unref();
});
