import assert from 'node:assert/strict';
import { createInterface } from 'node:readline';
import type { DeployFarm } from './deploy-farm.ts';

/** Starts a push, or another command, and kills it with -9 when a stage begins. */
export async function killAt(farm: DeployFarm, stage: string, ...command: readonly string[]): Promise<void> {
  const child = farm.start(...(command.length === 0 ? ['push'] : command), '--json');
  assert.ok(child.stdout !== null && child.pid !== undefined);
  for await (const line of createInterface({ input: child.stdout })) {
    const event = JSON.parse(line);
    if (event.type === 'stage-started' && event.stage === stage) {
      process.kill(child.pid, 'SIGKILL');
      break;
    }
  }
  assert.equal((await child).signal, 'SIGKILL');
}
