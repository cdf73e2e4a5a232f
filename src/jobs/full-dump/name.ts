import { jobName } from '../../core/ids.ts';

export const fullDumpName = jobName('full-dump');
