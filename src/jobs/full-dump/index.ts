import type { FarmConfig } from '../../config/farm-config.ts';
import type { Stage } from '../../control/stage.ts';
import type { JobWork } from '../definition/job-definition.ts';
import { contentLanes, hasLedger } from './content/lanes.ts';
import { openServices } from './open-services.ts';
import { readParameters } from './parameters.ts';
import type { FullDumpServices } from './services.ts';
import { AssembleStage } from './stages/assemble-stage.ts';
import { ContentStage } from './stages/content-stage.ts';
import { FinishStage } from './stages/finish-stage.ts';
import { LastLookStage } from './stages/last-look-stage.ts';
import { LedgerStage } from './stages/ledger-stage.ts';
import { ListsStage } from './stages/lists-stage.ts';
import { LogsStage } from './stages/logs-stage.ts';
import { PreflightStage } from './stages/preflight-stage.ts';
import { PublishStage } from './stages/publish-stage.ts';
import { SpoolStage } from './stages/spool-stage.ts';
import { TablesStage } from './stages/tables-stage.ts';
import { VerifyStage } from './stages/verify-stage.ts';

/** What a process works with that dumps a wiki. */
export const fullDumpWork: JobWork<FullDumpServices> = {
  stages: (farm, run) => stagesOf(farm, run.subject, readParameters(run.parameters).outputs),
  openServices,
  gaveUp: (services, run, at) => services.status.abort(run, at),
};

function stagesOf(
  farm: FarmConfig,
  wiki: string,
  only: readonly string[] | undefined,
): readonly Stage<FullDumpServices>[] {
  const settings = farm.wikis.get(wiki)?.fullDump ?? farm.jobs.fullDump.settings;
  const { deadlineMs, threads } = settings;
  const wanted = new Set<string>(only ?? settings.outputs);
  const hasContent = contentLanes(settings).length > 0;
  const hasLists = wanted.has('titles') || wanted.has('namespaces');
  const making: readonly Stage<FullDumpServices>[] = [
    new PreflightStage(),
    ...(hasContent || wanted.has('titles') ? [new SpoolStage(deadlineMs)] : []),
    ...(hasLists ? [new ListsStage(hasContent || wanted.has('titles') ? ['spool'] : ['preflight'])] : []),
    ...(wanted.has('tables') ? [new TablesStage(deadlineMs)] : []),
    ...(wanted.has('logs') ? [new LogsStage(deadlineMs)] : []),
    ...(hasContent
      ? [
          new ContentStage({ deadlineMs, threads }),
          new AssembleStage(deadlineMs),
          new VerifyStage(deadlineMs),
          new LastLookStage(deadlineMs),
          ...(hasLedger(settings) ? [new LedgerStage(deadlineMs)] : []),
        ]
      : []),
  ];
  const names = making.map((stage) => stage.name);
  // A set that failed does not hold the others, unless everything is to be published together.
  const needs =
    settings.publish === 'whole' ? names : names.filter((name) => name === 'last-look' || name === 'ledger');
  return [...making, new PublishStage(needs), new FinishStage()];
}
