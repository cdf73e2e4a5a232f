import { access } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';

/** Waits until there is something at a path. `check` throws where that cannot be any more. */
export async function appears(path: string, check: () => Promise<void> = async () => {}): Promise<void> {
  for (const endAt = Date.now() + 120_000; Date.now() < endAt; await sleep(20)) {
    await check();
    if (await exists(path)) return;
  }
  throw new Error(`${path} did not appear`);
}

export async function exists(path: string): Promise<boolean> {
  return await access(path).then(
    () => true,
    () => false,
  );
}
