import assert from 'node:assert/strict';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { endLeases } from '../support/end-leases.ts';
import type { startRota } from '../support/rota.ts';
import type { DeployFarm } from './deploy-farm.ts';

const diesAt = pathToFileURL(join(import.meta.dirname, '../support/dies-at.mjs')).href;

/** Starts a push, or another command, which dies as by kill -9 when a stage begins. */
export async function killAt(farm: DeployFarm, stage: string, ...command: readonly string[]): Promise<void> {
  await killed(farm, { ROTA_TEST_DIES_AT: stage }, command);
}

/** The same shortly after, in the midst of the stage's work; where it is the last stage and a short one, as it begins. */
export async function killIn(farm: DeployFarm, stage: string): Promise<void> {
  const afterMs = stage === 'finalize' ? 0 : 5;
  await killed(farm, { ROTA_TEST_DIES_AT: stage, ROTA_TEST_DIES_AFTER_MS: String(afterMs) }, []);
}

/** Kills a deployer that is at work, and lets its lease end. */
export async function killNow(farm: DeployFarm, child: ReturnType<typeof startRota>): Promise<void> {
  child.kill('SIGKILL');
  assert.equal((await child).signal, 'SIGKILL');
  endLeases(farm.folder);
}

async function killed(
  farm: DeployFarm,
  when: Readonly<Record<string, string>>,
  command: readonly string[],
): Promise<void> {
  const args = [...(command.length === 0 ? ['push'] : command), '--json'];
  const child = await farm.startWith({ NODE_OPTIONS: `--import=${diesAt}`, ...when }, ...args);
  const told = Buffer.from(child.stderr ?? []).toString();
  assert.equal(child.signal, 'SIGKILL', `it did not come to ${when.ROTA_TEST_DIES_AT}: ${told}`);
  endLeases(farm.folder);
}
