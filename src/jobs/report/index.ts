import type { JobWork } from '../definition/job-definition.ts';
import { CheckStage } from './loading/check-stage.ts';
import { DownloadStage } from './loading/download-stage.ts';
import { LoadStage } from './loading/load-stage.ts';
import { PublishLoadStage } from './loading/publish-load-stage.ts';
import { ScopesStage } from './loading/scopes-stage.ts';
import { CheckReportStage } from './publishing/check-report-stage.ts';
import { noteFailedLoad, noteFailure } from './publishing/note-failure.ts';
import { PublishReportStage } from './publishing/publish-report-stage.ts';
import { RenderStage } from './publishing/render-stage.ts';
import { openReportServices, type ReportServices } from './services.ts';

/** `phabricator-load`: fetches the tracker, loads it beside the last load, looks at it, lets reports use it. */
export const phabricatorLoadWork: JobWork<ReportServices> = {
  stages: (farm) => {
    const { deadlineMs } = farm.jobs.phabricatorLoad;
    return [
      ...(farm.scopeFiles?.pull === true ? [new ScopesStage()] : []),
      new DownloadStage(deadlineMs),
      new LoadStage(deadlineMs),
      new CheckStage(),
      new PublishLoadStage(),
    ];
  },
  openServices: openReportServices,
  gaveUp: noteFailedLoad,
};

/** `report`: makes a scope's report from the last load, looks at its data, and publishes it as a whole. */
export const reportWork: JobWork<ReportServices> = {
  stages: (farm) => [
    new RenderStage(farm.jobs.report.deadlineMs),
    new CheckReportStage(),
    new PublishReportStage(),
  ],
  openServices: openReportServices,
  gaveUp: (services, run, at) => noteFailure(services, run, at),
};
