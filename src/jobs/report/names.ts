import { jobName } from '../../core/ids.ts';

export const phabricatorLoadName = jobName('phabricator-load');
export const reportName = jobName('report');
