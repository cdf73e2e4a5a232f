import { setTimeout as sleep } from 'node:timers/promises';

const dayMs = 86_400_000;

/**
 * For tests of what is due once a day (UTC): waits for midnight where it is nearer than the test is long, for with it
 * everything would be due once more.
 */
export async function withinOneDay(seconds = 120): Promise<void> {
  const leftMs = dayMs - (Date.now() % dayMs);
  if (leftMs < seconds * 1000) await sleep(leftMs + 1000);
}
