import { describeStore } from '../config/describe-store.ts';
import type { FarmConfig } from '../config/farm-config.ts';
import type { Cli } from './cli.ts';

const silentMs = 2_000;

/** Whoever sits at a terminal is told what a silence is for: a store without a quorum is waited for, for a while. */
export async function tellWaiting<T>(
  cli: Cli,
  { store }: Pick<FarmConfig, 'store'>,
  opening: Promise<T>,
): Promise<T> {
  if (cli.io.stderr.isTTY !== true) return await opening;
  const timer = setTimeout(
    () => cli.out.remark(`rota: waiting for the run store to answer: ${describeStore(store)}`),
    silentMs,
  );
  try {
    return await opening;
  } finally {
    clearTimeout(timer);
  }
}
