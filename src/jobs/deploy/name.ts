import { jobName } from '../../core/ids.ts';

export const deployName = jobName('deploy');
