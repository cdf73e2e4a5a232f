import type { FarmConfig } from '../../config/farm-config.ts';
import type { Stage } from '../../control/stage.ts';
import type { JobWork } from '../definition/job-definition.ts';
import { openServices } from './open-services.ts';
import { readParameters } from './parameters.ts';
import type { DeployServices } from './services.ts';
import { AdoptStage } from './stages/adopt-stage.ts';
import { AssetsStage } from './stages/assets-stage.ts';
import { BuildStage } from './stages/build-stage.ts';
import { FinalizeStage } from './stages/finalize-stage.ts';
import { PreflightStage } from './stages/preflight-stage.ts';
import { PrepareStage } from './stages/prepare-stage.ts';
import { RolloutStage } from './stages/rollout-stage.ts';
import { TransferStage } from './stages/transfer-stage.ts';

/** What a process works with that deploys. */
export const deployWork: JobWork<DeployServices> = {
  stages: (farm, run) => stagesOf(farm, run.subject, run.parameters),
  openServices,
};

function stagesOf(farm: FarmConfig, name: string, given: unknown): readonly Stage<DeployServices>[] {
  const environment = farm.environments.get(name);
  const { kind, groups: wanted } = readParameters(given);
  if (kind === 'adopt') return [new AdoptStage()];
  // Without the environment the first stage says so.
  const groups =
    environment?.groups.filter((group) => wanted === undefined || wanted.includes(group.name)) ?? [];
  const assets = environment?.content.assets ?? null;
  // On the way back there is nothing to try out: all at once.
  const everyone = {
    name: 'all',
    hosts: environment?.hosts.map((host) => host.name) ?? [],
    batch: 1000,
    soakMs: 0,
  };
  // Nor does a host that is down keep the others on a bad version: it is named at the end.
  const allAtOnce = { ...everyone, failureLimit: everyone.hosts.length, onFailure: 'stop' as const };
  const rollouts = kind === 'rollback' ? [allAtOnce] : groups;
  return [
    new PreflightStage(),
    new BuildStage(),
    new TransferStage(),
    new PrepareStage(),
    ...(assets === null || kind === 'rollback' ? [] : [new AssetsStage(assets)]),
    ...rollouts.map((group) => new RolloutStage(group)),
    new FinalizeStage(),
  ];
}
