import type { JobTools, JobWork, OpenServices } from '../definition/job-definition.ts';
import { type ChangesServices, changesTrees } from './services.ts';
import { ContentStage } from './stages/content-stage.ts';
import { DueStage } from './stages/due-stage.ts';
import { IndexStage } from './stages/index-stage.ts';
import { LastLookStage } from './stages/last-look-stage.ts';
import { MarkStage } from './stages/mark-stage.ts';
import { PublishStage } from './stages/publish-stage.ts';
import { StateStage } from './stages/state-stage.ts';

export const changesMarkWork: JobWork<ChangesServices> = {
  stages: () => [new MarkStage()],
  openServices,
};

export const changesWork: JobWork<ChangesServices> = {
  stages: (farm) => {
    const { deadlineMs } = farm.jobs.changes.settings;
    return [
      new DueStage(),
      new StateStage(deadlineMs),
      new ContentStage(deadlineMs),
      new LastLookStage(deadlineMs),
      new PublishStage(),
    ];
  },
  openServices,
};

export const changesIndexWork: JobWork<ChangesServices> = {
  stages: () => [new IndexStage()],
  openServices,
};

async function openServices(tools: JobTools): Promise<OpenServices<ChangesServices>> {
  const { farm, trees, env, records } = tools;
  return {
    services: {
      farm,
      farmTrees: trees,
      trees: changesTrees(farm, trees),
      records,
      searchPath: env.PATH ?? '',
    },
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}
