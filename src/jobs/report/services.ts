import type { FarmConfig } from '../../config/farm-config.ts';
import type { PhabricatorConfig } from '../../config/phabricator-config.ts';
import { RotaError } from '../../core/errors/rota-error.ts';
import type { Trees } from '../../publish/workspace/tree.ts';
import type { JobTools, OpenServices } from '../definition/job-definition.ts';

/** What the stages of both jobs are given. Databases are opened where they are used. */
export interface ReportServices {
  readonly farm: FarmConfig;
  readonly trees: Trees;
  readonly version: string;
  readonly env: Readonly<NodeJS.ProcessEnv>;
  readonly records: JobTools['records'];
}

export async function openReportServices(tools: JobTools): Promise<OpenServices<ReportServices>> {
  const { farm, trees, version, env, records } = tools;
  return { services: { farm, trees, version, env, records }, async [Symbol.asyncDispose]() {} };
}

/** @throws RotaError REPORT_DATA_MISSING */
export function trackerOf(farm: FarmConfig): PhabricatorConfig {
  if (farm.phabricator !== null) return farm.phabricator;
  throw new RotaError(
    'REPORT_DATA_MISSING',
    `${farm.file} describes no tracker; add phabricator: with its dump`,
  );
}
