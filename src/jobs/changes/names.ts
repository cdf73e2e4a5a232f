import { jobName, subjectName } from '../../core/ids.ts';

export const changesMarkName = jobName('changes-mark');
export const changesName = jobName('changes');
export const changesIndexName = jobName('changes-index');

/** What the page with all wikis is made for. */
export const farmSubject = subjectName('farm');
