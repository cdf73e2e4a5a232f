import assert from 'node:assert/strict';
import type { JournalStep } from '../../src/jobs/deploy/fleet/step-journal.ts';
import type { SshHosts } from '../support/ssh-hosts.ts';
import type { DeployFarm } from './deploy-farm.ts';

/** A file of this size makes a pack that relays serve. */
export const packBytes = 300_000;

/** What was brought to hosts by the last deployment, but for what is small. */
export async function brought(farm: DeployFarm): Promise<readonly JournalStep[]> {
  const { stdout, stderr, status } = await farm.rota('deploy', 'log', '--stage', 'transfer', '--json');
  assert.equal(status, 0, stderr);
  const steps = stdout
    .toString()
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as JournalStep);
  return steps.filter((step) => (step.brought?.bytes ?? 0) > packBytes);
}

export function relaySettings(hosts: SshHosts, more: object = {}) {
  return {
    transfer: { relay: 'ssh', width: 2, authorizedKeys: hosts.relayKeys, ...more },
    groups: [{ name: 'all', failureLimit: 1 }],
  };
}
