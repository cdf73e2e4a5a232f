// Days of an invented wiki, one of them missed and three whose process was killed: applied to the full dump of before
// they give the dump that the database gives on the last. test/long lives thirty.
import { describe, it } from 'node:test';
import { requires } from '../support/requirements.ts';
import { liveAndApply } from './live-days.ts';

describe('days of changes', { skip: requires('bzip2') }, () => {
  it('with a missed one and three killed, applied to the full dump give the dump of the last day', async () => {
    await liveAndApply({ days: 8, missed: [3], killed: { 1: 'state', 4: 'content', 6: 'publish' } });
  });
});
