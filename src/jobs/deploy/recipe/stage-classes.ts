import { plainSteps } from '../rollout/steps/steps.ts';
import { AssetsStage } from '../stages/assets-stage.ts';
import { BuildStage } from '../stages/build-stage.ts';
import { FinalizeStage } from '../stages/finalize-stage.ts';
import { PreflightStage } from '../stages/preflight-stage.ts';
import { PrepareStage } from '../stages/prepare-stage.ts';
import { RolloutStage } from '../stages/rollout-stage.ts';
import { TransferStage } from '../stages/transfer-stage.ts';

/** The stages of a deployment and the steps of switching a host, each a class that may be replaced by a subclass. */
export const plainStages = {
  preflight: PreflightStage,
  build: BuildStage,
  transfer: TransferStage,
  prepare: PrepareStage,
  assets: AssetsStage,
  rollout: RolloutStage,
  ...plainSteps,
  finalize: FinalizeStage,
};

export type StageClasses = typeof plainStages;
